"""The base of every model of knowledge, and the sentences made of what pydantic finds wrong."""

from __future__ import annotations

import types
import typing
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from locality.knowledge.problems import KnowledgeError, nearest, problem

M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """A model that allows nothing extra, converts nothing silently and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class Reference(Strict):
    """A document that knowledge rests on; ``address`` is empty where none is known."""

    text: str = Field(min_length=8)
    address: str = Field(default="", pattern=r"^(https?://\S+)?$")


class Span(Strict):
    """From one day to another, both included; ``to`` is empty while it still stands."""

    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.to is not None and self.to < self.from_:
            raise ValueError(f"it ends ({self.to}) before it begins ({self.from_})")
        return self

    @property
    def last(self) -> date:
        """Return the last day, which is the end of time while it stands."""
        return self.to or date.max

    def holds(self, on: date) -> bool:
        """Return whether the day ``on`` lies within it."""
        return self.from_ <= on <= self.last

    def overlaps(self, other: Span) -> bool:
        """Return whether any day lies in both."""
        return self.from_ <= other.last and other.from_ <= self.last

    @property
    def words(self) -> str:
        """Return ``1 April 2026 to 31 March 2027``, or ``from 1 April 2026``."""
        first = f"{self.from_.day} {self.from_:%B %Y}"
        return f"from {first}" if self.to is None else f"{first} to {self.to.day} {self.to:%B %Y}"


def gaps(within: Span, spans: list[Span]) -> list[tuple[date, date]]:
    """Return the stretches of ``within`` that none of ``spans`` holds, in order of time."""
    found, day = [], within.from_
    for span in sorted(spans, key=lambda one: one.from_):
        if span.last < day:
            continue
        if span.from_ > within.last:
            break
        if span.from_ > day:
            found.append((day, span.from_ - timedelta(days=1)))
        if span.last >= within.last:
            return found
        day = span.last + timedelta(days=1)
    found.append((day, within.last))
    return found


def built(model: type[M], content: dict[str, Any], place: str) -> M:
    """Return ``content`` as ``model``; KnowledgeError with one sentence for the first fault."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise _sentence(model, error, place) from None


def _sentence(model: type[BaseModel], error: ValidationError, place: str) -> KnowledgeError:
    faults = error.errors(include_url=False)
    # A key that should not be there explains a key that seems to be missing: say it first.
    faults.sort(key=lambda fault: fault["type"] != "extra_forbidden")
    fault = faults[0]
    loc = fault["loc"]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
    kind, given = fault["type"], fault.get("input")
    if kind == "extra_forbidden":
        what = f"there is no such key; {nearest(str(loc[-1]), _keys(model, loc[:-1]))}"
    elif kind == "missing":
        what = "it is missing."
    elif kind in ("literal_error", "enum"):
        what = f"{given!r} is not a choice here; {nearest(str(given), _choices(model, loc))}"
    elif kind == "value_error":
        what = str(fault["ctx"]["error"]).rstrip(".") + "."
    else:
        what = f"{fault['msg']}; it says {given!r}."
    if len(faults) > 1:
        what += f" ({len(faults) - 1} more in this file.)"
    return problem(place, key, what)


def _step(annotation: Any, part: str | int) -> Any:
    """Return the type found under ``part`` of something annotated ``annotation``."""
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel):
            for name, field in option.model_fields.items():
                if part in (name, field.alias):
                    return field.annotation
            continue
        arguments = typing.get_args(option)
        origin = typing.get_origin(option)
        if origin in (list, tuple) and isinstance(part, int):
            return arguments[0]
        if origin is dict and isinstance(part, str):
            return arguments[1]
    return None


def _options(annotation: Any) -> tuple[Any, ...]:
    if isinstance(annotation, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        annotation = annotation.__value__
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    return (annotation,)


def _at(model: type[BaseModel], loc: tuple[str | int, ...]) -> Any:
    annotation: Any = model
    for part in loc:
        annotation = _step(annotation, part)
    return annotation


def _keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    return [
        field.alias or name
        for option in _options(_at(model, loc))
        if isinstance(option, type) and issubclass(option, BaseModel)
        for name, field in option.model_fields.items()
    ]


def _choices(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    return [
        str(choice)
        for option in _options(_at(model, loc))
        if typing.get_origin(option) is Literal
        for choice in typing.get_args(option)
    ]
