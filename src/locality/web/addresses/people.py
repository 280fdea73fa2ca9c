"""Addresses of people, their posts, and the bodies they sit in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from locality.web.pages import bodies, oversight, people

patterns: list[URLPattern | URLResolver] = [
    path("people/", people.people, name="people"),
    path("people/all.<ending:ending>", people.people_file, name="people_download"),
    path("people/new", people.new, name="new_person"),
    path("people/act-for", people.act, name="act_for"),
    path("people/<code:code>", people.person, name="person"),
    path("people/<code:code>/change", people.change, name="change_person"),
    path("people/<code:code>/leaves", people.leaves, name="person_leaves"),
    path("people/<code:code>/posts/new", people.new_post, name="new_post"),
    path("posts/<code:code>/change", people.change_post, name="change_post"),
    path("posts/<code:code>/end", people.end_post, name="end_post"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/all.<ending:ending>", bodies.bodies_file, name="bodies_download"),
    path("bodies/new", bodies.new, name="new_body"),
    path("bodies/<code:code>", bodies.body, name="body"),
    path("bodies/<code:code>/describe", bodies.describe, name="describe_body"),
    path("bodies/<code:code>/quorum", bodies.set_quorum, name="set_quorum"),
    path("bodies/<code:code>/members.<ending:ending>", bodies.members_file, name="body_download"),
    path("bodies/<code:code>/seats/new", bodies.new_seat, name="new_seat"),
    path("bodies/<code:code>/close", bodies.close, name="close_body"),
    path("oversight/", oversight.oversight, name="oversight"),
    path("oversight/all.<ending:ending>", oversight.oversight_file, name="oversight_download"),
    path("roles/", oversight.roles, name="roles"),
    path("roles/all.<ending:ending>", oversight.roles_file, name="roles_download"),
    path("seats/<code:code>/end", bodies.end_seat, name="end_seat"),
]
