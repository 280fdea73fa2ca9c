"""Files and what people wrote in, a new lake version out.

The old version goes on serving until the new one is whole, and the swap is one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from locality.figures import Column, Period, Schema, Table

if TYPE_CHECKING:
    from locality.knowledge import Knowledge, Measure
    from locality.measure import Terms
    from locality.store import Draft, Written
    from locality.terminal import Progress

REFRESHED = Schema(
    "refreshed",
    "What the refresh made",
    (
        Column("what", "text", "table or measure"),
        Column("rows", "whole", "rows, or cells of organisation and period"),
        Column("periods", "text", "first and last period", required=False),
    ),
    ("what",),
)


def refresh(
    home: Path,
    *,
    inputs: Mapping[str, Iterable[Mapping[str, Any]]] | None = None,
    progress: Progress | None = None,
    made_at: datetime | None = None,
    engine: str = "",
) -> Table:
    """Build a new version from every document in use, put it in use, and say what it holds.

    ``inputs`` are the rows that ``records.inputs()`` exports: the groups people made, and the
    event they stand at. ``engine`` is where row-level tables are counted, DuckDB here unless
    another is named (:func:`locality.store.engines.engine_for`). Returns REFRESHED. Raises
    Problem, with the old version still serving, where a document, a definition, the engine or the
    disk does not allow it.
    """
    from locality.knowledge import load
    from locality.store import Lake
    from locality.store.engines import engine_for

    known = load(home)
    wrote: Mapping[str, Any] = inputs or {}
    tell = progress or (lambda sentence, done, of: None)
    rows: list[dict[str, Any]] = []

    def write(draft: Draft) -> None:
        tell("Uniting the files", 0, 0)
        draft.write_source_tables()
        counting = engine_for(engine, draft.folder / "spill")
        try:
            tell("Counting waiting times and prescribing", 0, 0)
            draft.count_rows(counting)
        finally:
            counting.close()
        draft.write_groups({**row, "kind": "group"} for row in wrote.get("groups", ()))
        tell("Working out who belonged to whom", 0, 0)
        draft.derive_all()
        _successions(draft)
        for name in sorted(draft.paths()):
            rows.append({"what": name, "rows": len(draft.table(name)), "periods": ""})
        rows.extend(_measures(draft, known, wrote, tell))

    event = [row["id"] for row in wrote.get("event", ())]
    version = Lake(home).build(
        write,
        made_at=made_at or datetime.now(UTC),
        knowledge_hash=known.hash,
        records_event=event[0] if event else None,
    )
    return Table.of(
        REFRESHED, rows, title=f"Version {version.id}",
        caption="This version is in use now; the one before it is kept for a while.",
    )  # fmt: skip


def _measures(
    draft: Draft, known: Knowledge, wrote: Mapping[str, Any], tell: Progress
) -> Iterable[dict[str, Any]]:
    """Write each measure's counts, judge them, and yield what was written: one at a time."""
    from locality.measure import withheld
    from locality.store import compile_measure

    measures = list(known.measures.values())
    judging = Judging.of(draft, wrote)
    draft.note("terms", asdict(judging.terms))
    for number, measure in enumerate(measures):
        tell(f"Counting {measure.title}", number, len(measures))
        counted = draft.run(compile_measure(measure))
        local = _supplied_locally(known, measure)
        written = draft.write_observations(
            measure.id,
            counted,
            kind=measure.counted_for,
            withhold=withheld if local else None,
            definition_hash=measure.definition_hash,
            place=measure.place,
            local=local,
        )
        judging.judge(draft, measure, written, local=local)
        periods = written.periods
        yield {
            "what": measure.id,
            "rows": written.rows,
            "periods": f"{periods[0]} to {periods[-1]}" if periods else "",
        }


@dataclass(frozen=True)
class Judging:
    """What every measure of one refresh is judged with."""

    terms: Terms
    compared: frozenset[str]
    rebases: Mapping[str, list[Mapping[str, Any]]]
    facts: Mapping[str, tuple[float, ...]]

    @classmethod
    def of(cls, draft: Draft, wrote: Mapping[str, Any]) -> Judging:
        """Return the terms, the practices compared, and the rebases by measure."""
        from locality.know import Inclusion, included
        from locality.measure import Terms

        settings = list(wrote.get("settings", ()))
        held = {row["name"]: row["value"] for row in settings if not row["organisation"]}
        usual = Inclusion()
        rule = Inclusion(
            int(held.get("inclusion.minimum_list", usual.minimum_list)),
            bool(held.get("inclusion.active_only", usual.active_only)),
        )
        rebases: dict[str, list[Mapping[str, Any]]] = {}
        for row in wrote.get("rebases", ()):
            rebases.setdefault(row["measure"], []).append(row)
        rows = included(draft.table("organisations"), rule).rows
        compared = frozenset(row["practice_code"] for row in rows if row["included"])
        given = draft.query("practice_facts")
        numbers = np.column_stack([
            given.column(name).to_numpy(zero_copy_only=False).astype(np.float64)
            for name in given.column_names[1:]
        ])  # fmt: skip
        codes: list[Any] = given.column("practice_code").to_pylist()
        facts = dict(zip(codes, map(tuple, numbers.tolist()), strict=True))
        return cls(Terms.of_settings(settings), compared, rebases, facts)

    def judge(self, draft: Draft, measure: Measure, written: Written, *, local: bool) -> None:
        """Judge every organisation on a measure just written, and keep that in the draft.

        Counts that a locality supplied are judged as others may see them, so that nothing that
        was withheld or rounded can be read off a judgement.
        """
        from locality.measure import judged, released
        from locality.store import as_matrix, as_observations

        if not written.periods:
            return
        observed = written.observed
        if local:
            observed = released(as_observations(observed), local=True).data
        counted = as_matrix(observed)
        practices = [
            code
            for code, kind in zip(counted.codes, counted.kinds, strict=True)
            if kind == "practice"
        ]
        among = np.array([code in self.compared for code in practices], np.bool_)
        unknown = (np.nan,) * len(next(iter(self.facts.values()), ()))
        facts = np.array([self.facts.get(code, unknown) for code in practices], np.float64)
        draft.keep_judged(
            *judged(
                measure,
                counted,
                {"practice": among},
                self.terms,
                facts if facts.size else None,
                starts=self._starts(measure.id, counted.periods),
            )
        )

    def _starts(self, measure: str, periods: tuple[str, ...]) -> dict[str, int]:
        """Return the column at which each organisation's latest limits begin."""
        ends = [Period.parse(code).end for code in periods]
        found: dict[str, int] = {}
        for row in self.rebases.get(measure, ()):
            since = Period.parse(row["period"]).end
            place = int(np.searchsorted(np.array(ends, "datetime64[D]"), np.datetime64(since)))
            if place < len(periods):
                found[row["organisation"]] = max(place, found.get(row["organisation"], 0))
        return found


def _supplied_locally(known: Knowledge, measure: Measure) -> bool:
    """Return whether a file that a locality supplied itself feeds the measure."""
    return any(
        one.local and set(one.tables) & set(measure.datasets) for one in known.publications.values()
    )


def _successions(draft: Draft) -> None:
    """Write which organisation follows which: as files show, and as the locality says."""
    from locality.know import successions

    draft.write_result(successions(draft.table("hierarchy"), draft.table("practice_successors")))
