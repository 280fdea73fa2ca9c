"""What became of each file that was given to the lake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from locality.figures import Table
from locality.sources.reading import SetAside, Unopened
from locality.store.holdings import HeldReading, Holdings, Published
from locality.store.schemas import INGESTED


@dataclass(frozen=True)
class Outcome:
    """What became of one document, or of one of its readings."""

    file: str
    outcome: str
    sentence: str
    what: str = ""
    publication: str = ""
    period: str = ""
    rows: int = 0
    practices: int = 0
    set_aside: tuple[SetAside, ...] = ()

    @classmethod
    def refused(cls, file: str, sentence: str) -> Outcome:
        """Return that ``file`` was refused and nothing of it stored."""
        return cls(file, "refused", sentence)

    @classmethod
    def not_recognised(cls, file: str, sentence: str) -> Outcome:
        """Return that no reader knows ``file``."""
        return cls(file, "not recognised", sentence)

    @classmethod
    def known(cls, file: str, sentence: str, what: str) -> Outcome:
        """Return that it is known what ``file`` is, and that it is not one to be stored."""
        return cls(file, "known, not stored", sentence, what)

    @classmethod
    def unopened(cls, file: Unopened) -> Outcome:
        """Return that ``file`` gave no document to read."""
        return (cls.refused if file.refused else cls.not_recognised)(file.name, file.sentence)

    @classmethod
    def stored(
        cls,
        file: str,
        publication: Published,
        reading: HeldReading,
        replaced: HeldReading | None,
    ) -> Outcome:
        """Return that ``reading`` was stored, and what it replaces."""
        if replaced is None:
            outcome = "stored"
            sentence = f"Stored: {publication.title}, {_when(reading)}."
            if reading.corrects == "rows":
                sentence += " Where it repeats a row held before, the new row counts."
        else:
            outcome = f"replaces {replaced.file_name}"
            sentence = (
                f"Stored: {publication.title}, {_when(reading)}. It replaces "
                f"{replaced.file_name} of {replaced.ingested_at[:10]}, which is kept."
            )
        return cls._of(file, outcome, sentence, publication.title, reading)

    @classmethod
    def already_held(
        cls, file: str, reading: HeldReading, publication: Published | None, held: Holdings
    ) -> Outcome:
        """Return that ``file`` was there before, and whether it is still the one in use."""
        sentence = f"Already held since {reading.ingested_at[:10]}; nothing changed."
        if not any(reading is using for using in held.in_use):
            sentence = (
                f"Already held since {reading.ingested_at[:10]}, and since then replaced by a "
                "newer file; nothing changed."
            )
        title = publication.title if publication else reading.publication
        return cls._of(file, "already held", sentence, title, reading)

    @classmethod
    def _of(
        cls, file: str, outcome: str, sentence: str, what: str, reading: HeldReading
    ) -> Outcome:
        return cls(
            file=file,
            outcome=outcome,
            sentence=sentence,
            what=what,
            publication=reading.publication,
            period=reading.period,
            rows=reading.rows,
            practices=reading.practices,
            set_aside=reading.set_aside,
        )


def _when(reading: HeldReading) -> str:
    return f"{reading.period}, {reading.part}" if reading.part else reading.period


def _reasons(set_aside: Iterable[SetAside]) -> str:
    return "; ".join(
        f"{aside.rows:,}: {aside.reason}" + (f" ({aside.example})" if aside.example else "")
        for aside in set_aside
    )


@dataclass(frozen=True)
class IngestReport:
    """What became of a batch of files, in the order they came."""

    outcomes: tuple[Outcome, ...]

    @property
    def refused(self) -> int:
        """Return how many files were refused."""
        return sum(outcome.outcome == "refused" for outcome in self.outcomes)

    @property
    def stored(self) -> int:
        """Return how many readings came into the lake, those that replace others too."""
        return sum(
            outcome.outcome == "stored" or outcome.outcome.startswith("replaces")
            for outcome in self.outcomes
        )

    @cached_property
    def by_file(self) -> Table:
        """Return one row for each document, publication and period (INGESTED): its parts summed."""
        found: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in self.table.rows:
            key = tuple(row[name] for name in ("file", "what", "period", "outcome"))
            if key not in found:
                found[key] = dict(row)
                continue
            one = found[key]
            one["rows"] += row["rows"]
            one["set_aside"] += row["set_aside"]
            one["practices"] = max(one["practices"], row["practices"])
            one["reasons"] = "; ".join(
                filter(None, dict.fromkeys((one["reasons"], row["reasons"])))
            )
        return Table.of(INGESTED, found.values(), title=INGESTED.title)

    @cached_property
    def table(self) -> Table:
        """Return one row for each document, or each of its readings (INGESTED)."""
        return Table.of(
            INGESTED,
            [
                {
                    "file": outcome.file,
                    "what": outcome.what,
                    "period": outcome.period,
                    "rows": outcome.rows,
                    "practices": outcome.practices,
                    "set_aside": sum(aside.rows for aside in outcome.set_aside),
                    "reasons": _reasons(outcome.set_aside),
                    "outcome": outcome.outcome,
                    "sentence": outcome.sentence,
                }
                for outcome in self.outcomes
            ],
            title=INGESTED.title,
        )
