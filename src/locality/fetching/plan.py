"""What to get: a publication and a period, turned into addresses or into a page for a person.

Nothing is asked of anyone here; every address is made from ``knowledge/publications``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from locality.fetching.faults import FetchError
from locality.fetching.periods import fitting
from locality.figures import Period
from locality.knowledge import Publication
from locality.knowledge.download import Download, Package, asked, words


@dataclass(frozen=True)
class File:
    """One file to fetch: ``subject`` is what it is, whatever it is called this month.

    ``size`` (bytes) and ``hash`` (hexadecimal) are what a catalogue promises, where it does.
    """

    publication: Publication
    subject: str
    address: str
    save_as: str
    content: str
    largest: int
    period: str = ""
    size: int | None = None
    hash: str = ""


@dataclass(frozen=True)
class Asking:
    """A catalogue to ask before the file's address is known."""

    publication: Publication
    #: The address of each list, and what it calls the file: exactly, or as a pattern.
    lists: tuple[tuple[str, re.Pattern[str]], ...]
    period: str = ""


@dataclass(frozen=True)
class ByHand:
    """A page where a person takes the file."""

    publication: Publication
    period: Period | None = None


Plan = File | Asking | ByHand


def plans(
    publication: Publication, period: Period | None, indicators: Sequence[str], today: date
) -> Iterator[Plan]:
    """Yield what gets the files of ``publication``: one, or one for each of ``indicators``.

    FetchError where the publication cannot be asked so: a period that it does not come in, an
    indicator where none is asked for or none given where one is.
    """
    download = publication.download
    if download is None or download.kind == "landing":
        _no_indicators(publication, indicators)
        if period is not None:
            fitting(publication, period)
        yield ByHand(publication, period)
    elif download.kind == "catalogue":
        _no_indicators(publication, indicators)
        yield _asking(publication, download, period)
    else:
        yield from _files(publication, download, period, indicators, today)


def _files(
    publication: Publication,
    download: Download,
    period: Period | None,
    indicators: Sequence[str],
    today: date,
) -> Iterator[File]:
    dated = [name for name in asked(download.address) if name != "indicator"]
    if period is not None and not dated:
        raise FetchError(
            f"{publication.id}: this address gives what stands now, of no other time. Leave out "
            "--period."
        )
    if period is None and dated:
        raise FetchError(f"{publication.id}: say for when, such as --period {download.example}.")
    by_indicator = "indicator" in asked(download.address)
    if by_indicator and not indicators:
        known = "; ".join(f"{id} is {title}" for id, title in download.indicators.items())
        raise FetchError(
            f"{publication.id}: say which indicator, such as --indicator "
            f"{next(iter(download.indicators), 'ID')}."
            + (f" Known here: {known}." if known else "")
        )
    if not by_indicator:
        _no_indicators(publication, indicators)
    said = fitting(publication, period) if period else words(Period.day(today))
    for indicator in dict.fromkeys(indicators) if by_indicator else [""]:
        if by_indicator and not re.fullmatch(r"[0-9]{1,9}", indicator):
            raise FetchError(f"{indicator!r} is no indicator: it is a number, such as 93553.")
        fill = {**said, "indicator": indicator}
        parts = [publication.id, indicator, period.code if period else ""]
        yield File(
            publication=publication,
            subject="/".join(filter(None, parts)),
            address=download.address.format_map(fill),
            save_as=download.save_as.format_map(fill),
            content=download.content,
            largest=download.largest_mb * 1_000_000,
            period=period.code if period else "",
        )


def _asking(publication: Publication, download: Download, period: Period | None) -> Asking:
    said = fitting(publication, period) if period else None
    return Asking(
        publication,
        tuple(
            (
                download.address.format_map({"package": quote(one.package, safe="")}),
                _pattern(one, said),
            )
            for one in download.packages
        ),
        period.code if period else "",
    )


def _pattern(package: Package, said: Mapping[str, str] | None) -> re.Pattern[str]:
    """Return what a resource is called: of one period, or of any where ``said`` is None."""
    if said is not None:
        return re.compile(re.escape(package.resource.format_map(said)))
    pieces = re.split(r"(\{\w+\})", package.resource)
    lengths = {"yyyy": r"\d{4}", "mm": r"\d{2}", "yy": r"\d{2}", "day": r"\d{1,2}"}
    return re.compile(
        "".join(
            lengths.get(piece[1:-1], r"[\w-]+") if piece.startswith("{") else re.escape(piece)
            for piece in pieces
        )
    )


def chosen(plan: Asking, answer: Any, pattern: re.Pattern[str]) -> File | None:
    """Return the file in a catalogue's ``answer`` that ``pattern`` names, the last by name.

    None where it lists no such file; FetchError where the answer is not a catalogue's.
    """
    download = plan.publication.download
    assert download is not None
    try:
        listed = answer["result"]["resources"] if answer["success"] else None
        found = [
            one
            for one in listed or ()
            if pattern.fullmatch(str(one["name"])) and str(one["url"]).strip()
        ]
    except (KeyError, TypeError):
        listed = None
    if listed is None:
        raise FetchError(
            f"The catalogue of {plan.publication.title} answered with something else than a list. "
            "Try again later, or open its page in a browser."
        )
    if not found:
        return None
    one = max(found, key=lambda resource: str(resource["name"]))
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", str(one["name"])).lstrip(".")
    ending = re.search(r"\.(csv|zip|xlsx)$", str(one["url"]).partition("?")[0].lower())
    content = ending[1] if ending else download.content
    size = one.get("size")
    return File(
        publication=plan.publication,
        subject=f"{plan.publication.id}/{name}",
        address=str(one["url"]).strip(),
        save_as=f"{name}.{content}",
        content=content,
        largest=download.largest_mb * 1_000_000,
        period=plan.period,
        size=int(size) if str(size).isdigit() and int(size) else None,
        hash=_hash(one.get("hash")),
    )


def _hash(said: Any) -> str:
    """Return a promised hash in plain hexadecimal; empty where it is of no known kind."""
    text = str(said or "").rpartition(":")[2].strip().lower()
    return text if re.fullmatch(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}", text) else ""


def _no_indicators(publication: Publication, indicators: Sequence[str]) -> None:
    if indicators:
        raise FetchError(f"{publication.id} has no indicators to choose: leave out --indicator.")
