"""Jinja for the pages: the house's own templates, the NHS design system's parts, filters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import slugify
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from locality._version import __version__
from locality.decide import tag_words
from locality.render.pictures import interval_strip, score_key, score_strip, share_key, share_strip
from locality.render.pictures import strip_key as interval_strip_key
from locality.render.pictures.bundle import bundle_name
from locality.web import printing

NAME = "Locality"


def environment(**options: Any) -> Environment:
    """Return the environment that Django asks for; ``options`` are those of its settings."""
    options["loader"] = ChoiceLoader([options["loader"], PackageLoader("nhsuk_frontend_jinja")])
    # The design system's parts ask for parameters that a page need not give.
    options["undefined"] = ChainableUndefined
    made = Environment(trim_blocks=True, lstrip_blocks=True, **options)
    made.globals |= {
        "service": NAME,
        "version": __version__,
        "asset": asset,
        "url": url,
        "cell": printing.cell,
        "heading": printing.heading,
        "columns_used": printing.columns_used,
        "is_count": printing.is_count,
        "interval": printing.interval,
        "strip": strip,
        "strip_key": interval_strip_key,
        "tag_words": tag_words,
        "scores_drawn": scores_drawn,
        "score_key": score_key,
        "answers_drawn": answers_drawn,
        "share_key": share_key,
        "drawing_program": bundle_name,
    }
    made.filters |= {
        "day": printing.day,
        "number": printing.number,
        "in_unit": printing.unit_value,
        "pounds": printing.pounds,
        "whole_pounds": printing.whole_pounds,
        "quantity": printing.quantity,
        "period_label": printing.period_label,
        "kind_words": printing.kind_words,
        "kinds_words": printing.kinds_words,
        "reason": printing.reason,
        "reliability": printing.reliability,
        "probability": printing.probability,
        "capitalise": printing.capitalise,
        "event_words": printing.event_words,
        "choices": choices,
        "slug": slugify,
    }
    return made


def strip(row: Mapping[str, Any]) -> Markup:
    """Return the small drawing of one measure's row, to stand in a table cell."""
    return Markup(interval_strip(row, unit=row["unit"], name=row["title"]))


def scores_drawn(row: Mapping[str, Any], given: Iterable[Mapping[str, Any]], scale: Any) -> Markup:
    """Return the small drawing of what people gave one thing by one criterion."""
    ends = {"lower": scale.lower, "upper": scale.upper, "step": scale.step}
    return Markup(
        score_strip(
            row, [one["score"] for one in given], **{key: float(end) for key, end in ends.items()}
        )
    )


def answers_drawn(rows: Sequence[Mapping[str, Any]], name: Any) -> Markup:
    """Return the small drawing of how many gave each answer."""
    return Markup(share_strip(rows, name=str(name)))


def choices(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Return (value, words) pairs as the design system's radios take them."""
    return [{"value": value, "text": words} for value, words in pairs]


def url(name: str, /, *arguments: Any, **query: Any) -> str:
    """Return the address of the page ``name``, with those of ``query`` that are not empty."""
    asked = {key: str(value) for key, value in query.items() if value not in (None, "")}
    address = _address(name, arguments)
    return f"{address}?{urlencode(asked)}" if asked else address


@lru_cache(maxsize=20_000)
def _address(name: str, arguments: tuple[Any, ...]) -> str:
    # A page has hundreds of links, and Django looks each one up anew.
    return str(reverse(name, args=arguments))


@cache
def asset(path: str) -> str:
    """Return the address of a static file, with its content's hash, so that none is stale."""
    found = finders.find(path)
    if not found:
        raise FileNotFoundError(f"There is no static file {path}")
    with open(found, "rb") as file:
        return f"{static(path)}?{hashlib.sha256(file.read()).hexdigest()[:12]}"
