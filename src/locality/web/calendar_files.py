"""Reminders as iCalendar (RFC 5545): one entry a thing that falls due, with a stable name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from locality._version import __version__
from locality.figures import Table

#: How long before the day begins the alarm rings: at 9 o'clock of the day before.
ALARM = timedelta(hours=-15)


def calendar(
    needs: Table, person: str, address: Callable[[dict[str, Any]], str]
) -> tuple[bytes, str]:
    """Return the entries of NEEDS that have a day, as iCalendar bytes, and their ETag.

    Each is a whole day, as a date without a clock, so that it is the same day in summer and in
    winter. Its UID stays the same while the thing does: a day that moves moves the entry. What
    people wrote beside a thing is left out. The same needs make the same bytes.
    """
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", f"-//Locality//Locality {__version__}//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", "Locality: what needs me")
    made.add("x-wr-calname", "Locality: what needs me")
    made.add("x-wr-timezone", "Europe/London")
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    for row in needs.rows:
        if row["due_on"] is None:
            continue
        changed = datetime.fromisoformat(row["changed_at"]).astimezone(UTC)
        entry = Event()
        entry.add("uid", f"{row['kind']}-{row['thing']}-{person}@locality")
        entry.add("summary", f"{row['words']}{' (overdue)' if row['overdue'] else ''}")
        entry.add("dtstart", row["due_on"])
        entry.add("dtend", row["due_on"] + timedelta(days=1))
        entry.add("dtstamp", changed)
        entry.add("last-modified", changed)
        entry.add("url", address(row))
        entry.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", row["words"])
        alarm.add("trigger", ALARM)
        entry.add_component(alarm)
        made.add_component(entry)
    content = made.to_ical()
    return content, f'"{hashlib.sha256(content).hexdigest()[:24]}"'
