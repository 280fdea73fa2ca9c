"""Addresses of sign-in, one's own account, and everybody's accounts."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from locality.web.pages import accounts, sign_in, sign_in_elsewhere

patterns: list[URLPattern | URLResolver] = [
    path("sign-in", sign_in.sign_in, name="sign_in"),
    path("sign-in/demonstration", sign_in.sign_in_demonstration, name="sign_in_demonstration"),
    path("sign-in/elsewhere", sign_in_elsewhere.leave, name="sign_in_elsewhere"),
    path("sign-in/return", sign_in_elsewhere.come_back, name="sign_in_return"),
    path("sign-out", sign_in.sign_out, name="sign_out"),
    path("my-account", sign_in.my_account, name="my_account"),
    path("my-account/password", sign_in.change_password, name="change_password"),
    path("my-account/leave", sign_in.leave_visit, name="end_visit"),
    path("who-may-do-what", sign_in.who_may, name="permissions"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new", accounts.new, name="new_account"),
    path("accounts/<code:code>", accounts.account, name="account"),
    path("accounts/<code:code>/reset", accounts.reset, name="reset_password"),
    path("accounts/<code:code>/roles/new", accounts.give, name="give_role"),
    path("roles/<code:code>/take", accounts.take, name="take_role"),
    path("accounts/<code:code>/link", accounts.link, name="link_account"),
    path("accounts/<code:code>/close", accounts.close, name="close_account"),
]
