"""Papers to take along: the feedback pack, the position and the sum of QOF points."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from locality.figures import NotFound, Paper, Section, Table
from locality.render import papers
from locality.web import asking
from locality.web.answering import Packed, answer, tag
from locality.web.here import Here, here
from locality.web.pages import feedback as pack_page

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "parquet": "application/vnd.apache.parquet",
}


@require_GET
def position(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return where a practice stands by indicator, as CSV, Excel or Parquet."""
    view = here(request)
    own = asking.organisation(view, code)["code"]
    asked = (own, asking.period(request.GET.get("year")), request.GET.get("as_at") or None)

    def written() -> Packed:
        table, thanks = view.ask(view.measure.qof.position, *asked), _thanks(view)
        if ending == "csv":
            return Packed.of(papers.csv_bytes(table, attributions=thanks))
        if ending == "parquet":
            return Packed.of(papers.parquet_bytes(table, attributions=thanks), compress=False)
        return Packed.of(_book(view, table, asked, thanks), compress=False)

    return _send(request, view, f"{own}-points", ending, ("csv", "xlsx", "parquet"), written, asked)


@require_GET
def statement(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return the sum of a practice's points line by line, as CSV or as Excel with formulas."""
    view = here(request)
    own = asking.organisation(view, code)["code"]
    asked = (own, asking.period(request.GET.get("year")), request.GET.get("as_at") or None)

    def written() -> Packed:
        made, thanks = view.ask(view.measure.qof.statement, *asked), _thanks(view)
        if ending == "csv":
            return Packed.of(papers.statement_csv_bytes(made, attributions=thanks))
        return Packed.of(papers.statement_workbook_bytes(made, attributions=thanks), compress=False)

    return _send(request, view, f"{own}-pounds", ending, ("csv", "xlsx"), written, asked)


@require_GET
def feedback(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """Return the pack of an organisation as Word or Excel, with its account as it is now."""
    view = here(request)
    own = asking.organisation(view, code)["code"]
    paper: Paper = pack_page.paper(view, own, timezone.localdate())

    def written() -> Packed:
        write = papers.word_bytes if ending == "docx" else papers.paper_workbook_bytes
        return Packed.of(write(paper, attributions=_thanks(view)), compress=False)

    # Its account may change within a version of the data, so the words are part of the mark.
    asked = (own, repr(paper.standfirst), repr(paper.section("account")))
    return _send(request, view, f"{own}-your-position", ending, ("docx", "xlsx"), written, asked)


def _book(
    view: Here, table: Table, asked: tuple[str, str | None, str | None], thanks: tuple[str, ...]
) -> bytes:
    """Return the position as a workbook, with the sum beside it in live formulas."""
    made = view.ask(view.measure.qof.statement, *asked)
    said = Section("points", table.title, (table.caption, *table.notes), tables=(table,),
                   statements=(made,))  # fmt: skip
    paper = Paper.of(table.title, made.title, [said], working=made.working)
    return papers.paper_workbook_bytes(paper, attributions=thanks)


def _thanks(view: Here) -> tuple[str, ...]:
    return tuple(row["attribution"] for row in view.ask(view.data.attributions).rows)


def _send(
    request: HttpRequest,
    view: Here,
    name: str,
    ending: str,
    endings: tuple[str, ...],
    written: Callable[[], Packed],
    asked: tuple[object, ...],
) -> HttpResponse:
    if ending not in endings:
        raise NotFound(f"This is offered as {', '.join(endings)}.")
    file_name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"locality-{name}.{ending}")
    etag = tag(view, "paper", name, ending, *map(str, asked))
    return answer(request, etag, _TYPES[ending], written, file_name=file_name)
