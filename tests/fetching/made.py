"""Made-up publications whose files lie on a server of this computer, and who asks for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from locality.fetching import Manners, Visitor, fetch
from locality.knowledge import Publication

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROWS = b"code,patients\n" + b"".join(b"A%05d,%d\n" % (n, n) for n in range(60_000))


def publication(id: str = "ods_practices", **download: Any) -> Publication:
    """Return a publication with this ``[download]`` table; without one where it is empty."""
    return Publication.model_validate(
        {
            "id": id, "title": "Practices", "publisher": "A publisher", "licence": "Open",
            "attribution": "A publisher", "landing_page": "https://example.org/page",
            "file_names": ["practices*.csv", "practices*.csv.gz"], "identified_by": ["columns"],
            "tables": ["ods_practices"], "period_kind": "day", "corrects": "file",
            "references": [{"text": "A reference"}],
            **({"download": {"take": "the report", **download}} if download else {}),
        }
    )  # fmt: skip


def fixed(address: str, **more: Any) -> Publication:
    """Return a publication whose file lies at ``address`` for good."""
    return publication(
        kind="fixed", address=address, **{"save_as": "practices-{mon}-{yy}.csv", **more}
    )


@dataclass
class Clock:
    """Time that passes only when somebody sleeps; ``slept`` is how long, each time."""

    seconds: float = 1_795_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def now(self) -> float:
        return self.seconds


def visitor(clock: Clock | None = None, **manners: Any) -> Visitor:
    """Return who asks, without waiting for real."""
    clock = clock or Clock()
    return Visitor(Manners(sleep=clock.sleep, now=clock.now, patience=5.0, **manners))


def fetched(one: Publication, into: Path, **more: Any) -> dict[str, Any]:
    """Return the one row that fetching ``one`` gives."""
    options = {"visitor": visitor(), "clock": lambda: NOON, **more}
    (row,) = fetch({one.id: one}, [one.id], into, **options).rows
    return row


def listed(folder: Path) -> set[str]:
    """Return the names of all that stands in ``folder``, hidden ones too."""
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
