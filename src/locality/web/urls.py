"""Addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from locality.web import api, chart_files, downloads, paper_files
from locality.web.pages import (
    access,
    data,
    feedback,
    groups,
    house,
    know,
    measure,
    money,
    points,
    quality,
    signals,
    staff,
    standing,
    start,
    waits,
    words,
    worth,
)


class Code:
    """An organisation's code: ODS, England's, or a group's own."""

    regex = "[A-Za-z0-9][A-Za-z0-9-]{0,60}"

    def to_python(self, value: str) -> str:
        """Return the code as typed."""
        return value

    def to_url(self, value: str) -> str:
        """Return the code as it is."""
        return str(value)


class MeasureId(Code):
    """A measure's id, such as ``qof.register.hyp``: it has at least one full stop."""

    regex = "[A-Za-z0-9_-]+(?:[.][A-Za-z0-9_-]+)+"


class Ending(Code):
    """How a download's address ends: csv, xlsx or parquet."""

    regex = "[a-z]{2,8}"


register_converter(Code, "code")
register_converter(MeasureId, "measure")
register_converter(Ending, "ending")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start.start, name="start"),
    path("search", start.search, name="search"),
    path("my-organisation", start.choose, name="choose"),
    path("loop", words.loop, name="loop"),
    path("know/", know.know, name="know"),
    path("know/<code:code>", know.organisation, name="organisation"),
    path("know/<code:code>/care-adjustments", quality.care, name="care"),
    path("know/<code:code>/staff", staff.staff, name="staff"),
    path("know/<code:code>/money", money.money, name="money"),
    path("know/<code:code>/waits", waits.waits, name="waits"),
    path("know/<code:code>/standing", standing.standing, name="standing"),
    path("know/<code:code>/qof", quality.qof, name="qof"),
    path("know/<code:code>/points", points.points, name="points"),
    path("know/<code:code>/points/one-sheet", points.one_sheet, name="one_sheet"),
    path("know/<code:code>/points/counts", points.counts, name="counts"),
    path(
        "know/<code:code>/points/position.<ending:ending>",
        paper_files.position,
        name="position_download",
    ),
    path(
        "know/<code:code>/points/statement.<ending:ending>",
        paper_files.statement,
        name="statement_download",
    ),
    path("know/<code:code>/feedback", feedback.feedback, name="feedback"),
    path("know/<code:code>/feedback/send", feedback.send, name="send_feedback"),
    path("know/<code:code>/feedback/account", feedback.account, name="give_account"),
    path(
        "know/<code:code>/feedback/pack.<ending:ending>",
        paper_files.feedback,
        name="feedback_download",
    ),
    path("feedback/<code:code>/withdraw", feedback.withdraw, name="withdraw_feedback"),
    path("constants/", points.constants, name="constants"),
    path("constants/<measure:rule>", points.enter, name="enter_rule"),
    path("constants/entered/<code:code>/withdraw", points.withdraw, name="withdraw_rule"),
    path("know/<code:code>/access", access.access, name="access"),
    path("know/<code:code>/pounds", know.pounds, name="pounds"),
    path("know/<code:code>/notes", know.add_note, name="add_note"),
    path(
        "know/<code:code>/<slug:table>.<ending:ending>",
        downloads.organisation,
        name="organisation_download",
    ),
    path("notes/<code:note>/withdraw", know.withdraw_note, name="withdraw_note"),
    path("measure/", measure.measures, name="measures"),
    path("alerts/", signals.alerts, name="alerts"),
    path("alerts/<code:code>", signals.alerts, name="alerts_of"),
    path("worth/", worth.worth, name="worth"),
    path("requests/", worth.requests, name="requests"),
    path("requests/<code:code>", worth.answer, name="answer"),
    path("measure/<measure:id>/effort", worth.effort, name="effort"),
    path("measure/<measure:id>/request", worth.ask, name="ask"),
    path("measure/<measure:id>/<code:code>/mark", signals.mark, name="mark"),
    path("measure/<measure:id>/<code:code>/limits", signals.rebase, name="rebase"),
    path("signals/<slug:what>/<code:code>/end", signals.end, name="end_signal"),
    path("measure/<measure:id>/all.<ending:ending>", downloads.measure, name="measure_download"),
    path(
        "measure/<measure:id>/<code:code>.<ending:ending>", downloads.trend, name="trend_download"
    ),
    path("measure/<measure:id>", measure.measure, name="measure"),
    path(
        "measure/<measure:id>/<code:code>/chart.<ending:ending>",
        downloads.of_measure,
        {"table": "chart"},
        name="chart_download",
    ),
    path(
        "measure/<measure:id>/<code:code>/peers.<ending:ending>",
        downloads.of_measure,
        {"table": "peers"},
        name="peers_download",
    ),
    path("measure/<measure:id>/<code:code>/peers", measure.peers, name="peers"),
    path(
        "measure/<measure:id>/<code:code>",
        measure.measure_organisation,
        name="measure_organisation",
    ),
    path("data/", data.data, name="data"),
    path("data/<slug:table>.<ending:ending>", downloads.data, name="data_download"),
    path("groups/", groups.groups, name="groups"),
    path("groups/new", groups.new, name="new_group"),
    path("groups/file", groups.from_file, name="groups_from_file"),
    path("groups/<code:code>", groups.group, name="group"),
    path("groups/<code:code>/rename", groups.change, {"act": "rename"}, name="rename_group"),
    path("groups/<code:code>/members", groups.change, {"act": "members"}, name="set_members"),
    path("groups/<code:code>/close", groups.change, {"act": "close"}, name="close_group"),
    path("settings/", house.settings, name="settings"),
    path("settings/<str:name>", house.setting, name="setting"),
    path("glossary", words.glossary, name="glossary"),
    path("about", words.about, name="about"),
    path("accessibility", words.accessibility, name="accessibility"),
    path("api/", words.api, name="api"),
    path("api/search", api.search, name="api_search"),
    path("api/measures", api.measures, name="api_measures"),
    path("api/organisation/<code:code>", api.organisation, name="api_organisation"),
    path("api/figure/<measure:measure>/<code:code>", api.figure, name="api_figure"),
    path("api/over/<measure:measure>", api.over, name="api_over"),
    path("api/trend/<measure:measure>/<code:code>", api.trend, name="api_trend"),
    path("api/standings/<code:code>", api.standings, name="api_standings"),
    path("api/alerts/<code:code>", api.alerts, name="api_alerts"),
    path("api/chart/<measure:measure>/<code:code>", api.chart, name="api_chart"),
    path("api/funnel/<measure:measure>", api.funnel, name="api_funnel"),
    path("api/points/<code:code>", api.points, name="api_points"),
    path("api/pounds/<code:code>", api.pounds, name="api_pounds"),
    path("api/feedback/<code:code>", api.feedback, name="api_feedback"),
    path("api/lineage", api.lineage, name="api_lineage"),
    path("charts/program/<str:name>", chart_files.bundle, name="bundle"),
    path("charts/<path:path>", chart_files.chart, name="chart"),
]

handler400 = "locality.web.problems.refused"
handler404 = "locality.web.problems.not_found"
handler500 = "locality.web.problems.failed"
