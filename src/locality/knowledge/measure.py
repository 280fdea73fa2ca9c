"""What a measure is: its counts, its views, who answers for it, and cases that prove it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from locality.figures.missing import Missing
from locality.figures.problem import NotFound
from locality.knowledge.measure_parts import Case, CodeList, Counts, Governance, Input, Rows
from locality.knowledge.measures_language import Expression, Kind, Names
from locality.knowledge.models import Reference, Span, Strict
from locality.knowledge.problems import nearest

#: What a view may speak of: numerator, denominator, personalised care adjustments.
VIEW_NAMES = Names({"num": "number", "den": "number", "exc": "number"})


class Measure(Strict):
    """One definition, as ``measures/**/ID.toml`` gives it. A percentage is held as 0 to 100.

    ``place`` is its file; ``local`` is true where the user's own ``HOME/knowledge/`` gives it,
    and ``replaces`` names the file that it then stands in for. The first view is the main one.
    One that is not ``ranked``, such as money received, is never put in the order of its values.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$")
    kind: Literal["published", "derived"]
    title: str = Field(min_length=6)
    why: str = Field(min_length=40)
    topic: str = Field(min_length=3)
    unit: str = Field(min_length=1)
    polarity: Literal["none", "higher_is_better", "lower_is_better"]
    ranked: bool = True
    valid: Span
    replaced_by: list[str] = Field(default=[])
    notes: list[str] = Field(default=[])
    references: list[Reference] = Field(min_length=1)
    source: Rows | None = None
    inputs: list[Input] = Field(default=[], alias="input")
    measure: Counts
    lists: dict[str, CodeList] = Field(default={})
    governance: Governance
    cases: list[Case] = Field(alias="case", min_length=3)
    place: str = ""
    local: bool = False
    replaces: str = ""

    @model_validator(mode="after")
    def _sound(self) -> Measure:
        if (self.kind == "published") != (self.source is not None):
            raise ValueError("a published measure has a [source]; a derived one has [[input]]s")
        if (self.kind == "derived") != bool(self.inputs):
            raise ValueError("a derived measure has [[input]]s; a published one has a [source]")
        names = [one.name for one in self.inputs]
        if len(set(names)) != len(names):
            raise ValueError(f"two inputs have the same name: {', '.join(sorted(names))}")
        if len({one.kind for one in self.inputs}) > 1:
            raise ValueError("its inputs count different kinds of organisation; they must be one")
        if bool(self.measure.excepted) != bool(self.measure.excepted_words):
            raise ValueError("excepted and excepted_words stand together or not at all")
        _cases_sound(self)
        return self

    @cached_property
    def expressions(self) -> Mapping[str, Expression]:
        """Return every expression by key, such as ``measure.numerator`` or ``source.where``."""
        found: dict[str, Expression] = {}

        def add(key: str, text: str, allowed: Names, wanted: Kind = "number") -> None:
            if text:
                found[key] = Expression(text, allowed, wanted, self.place, key)

        if self.source is not None:
            rows = Names(self.source.names, self.lists)
            counted = rows
            add("source.where", self.source.where, rows, "truth")
        else:
            counted = Names({one.name: "number" for one in self.inputs}, (), aggregates=True)
            for one in self.inputs:
                add(f"input.{one.name}.where", one.where, Names(one.names, self.lists), "truth")
        add("measure.numerator", self.measure.numerator, counted)
        add("measure.denominator", self.measure.denominator, counted)
        add("measure.excepted", self.measure.excepted, counted)
        views = VIEW_NAMES
        if not self.measure.excepted:
            views = Names({name: k for name, k in views.columns.items() if name != "exc"})
        for name, text in self.measure.views.items():
            add(f"measure.views.{name}", text, views)
        return found

    @property
    def main_view(self) -> str:
        """Return the name of the first view: the one a page shows unless asked for another."""
        return next(iter(self.measure.views))

    def view(self, name: str | None = None) -> Expression:
        """Return the expression of one view (the main one by default) over num, den and exc.

        Raises NotFound with the nearest name if there is no such view.
        """
        name = name or self.main_view
        if name not in self.measure.views:
            near = nearest(name, self.measure.views)
            raise NotFound(f"{self.id} has no view {name!r}; {near}")
        return self.expressions[f"measure.views.{name}"]

    @property
    def code_lists(self) -> dict[str, Collection[str]]:
        """Return the members of each list by its name."""
        return {name: frozenset(one.codes) for name, one in self.lists.items()}

    @property
    def numerator_words(self) -> str:
        """Return what the numerator counts, in words."""
        return self.measure.numerator_words

    @property
    def denominator_words(self) -> str:
        """Return what it is counted over, in words."""
        return self.measure.denominator_words

    @property
    def excepted_words(self) -> str:
        """Return what stands apart from both, in words; empty where nothing does."""
        return self.measure.excepted_words

    @property
    def counted_for(self) -> str:
        """Return the kind of organisation that counts are published for: others are sums of it."""
        return self.source.kind if self.source is not None else self.inputs[0].kind

    @property
    def datasets(self) -> tuple[str, ...]:
        """Return the source tables that it is counted from."""
        rows = [self.source] if self.source else self.inputs
        return tuple(dict.fromkeys(one.dataset for one in rows))

    @cached_property
    def definition_hash(self) -> str:
        """Return the sha256 of what makes its numbers: not its title, owners or cases."""
        made_of = {"id", "kind", "unit", "valid", "source", "inputs", "measure", "lists"}
        content = self.model_dump(mode="json", include=made_of)
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _cases_sound(measure: Measure) -> None:
    zero = False
    for number, case in enumerate(measure.cases, start=1):
        forms = bool(case.given) + bool(case.rows) + bool(case.inputs)
        if forms > 1 or (case.missing is None and forms == 0):
            raise ValueError(
                f"case {number} states its counts in given, rows or inputs: one of them"
            )
        allowed = {*measure.measure.views, "num", "den", "exc"}
        for name in case.expect:
            if name not in allowed:
                raise ValueError(f"case {number} expects {name!r}; {nearest(name, allowed)}")
        for name in case.inputs:
            names = [one.name for one in measure.inputs]
            if name not in names:
                raise ValueError(f"case {number} has rows for {name!r}; {nearest(name, names)}")
        zero |= Missing.NOTHING_TO_COUNT in case.expect.values()
    if not zero:
        raise ValueError(
            f"no case has a zero denominator: one must expect {Missing.NOTHING_TO_COUNT.value!r}"
        )
