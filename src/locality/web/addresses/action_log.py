"""Addresses of the action log, of what needs me, and of the calendar that reminds of it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from locality.web.pages import action_log, calendars, needs

patterns: list[URLPattern | URLResolver] = [
    path("needs/", needs.all_needs, name="needs"),
    path("needs/calendar", calendars.feed, name="calendar_feed"),
    path("needs/calendars", calendars.calendars, name="calendars"),
    path("needs/calendars/<code:code>/end", calendars.end, name="end_calendar"),
    path("calendar/<str:token>.ics", calendars.calendar_file, name="calendar"),
    path("actions/", action_log.log, name="actions"),
    path("actions/all.<ending:ending>", action_log.log_file, name="actions_download"),
    path("actions/new", action_log.new, name="log_action"),
    path("actions/<code:code>", action_log.action, name="action"),
    path("actions/<code:code>/change", action_log.change, name="change_action"),
    *(
        path(f"actions/<code:code>/{to}", action_log.move, {"to": to}, name=f"{to}_action")
        for to in ("start", "finish", "drop", "reopen")
    ),
]
