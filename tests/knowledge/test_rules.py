import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from locality import knowledge
from locality.figures import Period
from locality.knowledge import GRADES, KnowledgeError, RuleMissing, Rules
from locality.knowledge.files import PACKAGE
from tests.knowledge.made import FILES, home

RULES: Rules = knowledge.load().rules
TOTALS = {
    "2019-20": 559, "2020-21": 567, "2021-22": 635, "2022-23": 635,
    "2023-24": 635, "2024-25": 635, "2025-26": 564, "2026-27": 582,
}  # fmt: skip


@pytest.mark.parametrize(("year", "points"), TOTALS.items())
def test_the_points_of_each_year_add_up_to_the_published_total(year: str, points: int) -> None:
    assert RULES.sheet("qof", year).total() == points
    assert RULES.value("qof.points_total", year).value == points


def test_live_and_protected_points_of_2024_25() -> None:
    sheet = RULES.sheet("qof", "2024/25")
    live = [row for row in sheet.rows if row.status == "live"]
    assert (len(live), sum(row.points for row in live)) == (44, 423)
    assert (len(sheet.rows) - len(live), sheet.total() - 423) == (32, 212)
    assert RULES.value("qof.points_protected", "2024-25").value == 212


def test_nine_indicators_took_141_points_in_2025_26() -> None:
    old, new = RULES.sheet("qof", "2024-25"), RULES.sheet("qof", "2025-26")
    renamed = {"DM036": "DM033"}
    risen = {
        code: new.row(code).points - old.row(renamed.get(code, code)).points
        for code in ("HYP008", "HYP009", "CHD015", "CHD016", "STIA014", "STIA015",
                     "CHOL003", "CHOL004", "DM036")
    }  # fmt: skip
    assert sum(risen.values()) == 141 and all(more > 0 for more in risen.values())


def test_points_weighted_by_prevalence_in_2025_26() -> None:
    sheet = RULES.sheet("qof", "2025-26")
    weighted = sum(row.points for row in sheet.rows if row.prevalence_weighted)
    assert weighted == RULES.value("qof.points_weighted_by_prevalence", "2025-26").value == 462
    assert {row.group for row in sheet.rows if not row.prevalence_weighted} == {
        "VI", "CS", "BP", "SMOK",
    }  # fmt: skip


@pytest.mark.parametrize("first", range(2014, 2027))
def test_the_value_of_a_point_keeps_step_with_the_list(first: int) -> None:
    year = Period.financial_year(first)
    try:
        point = RULES.value("qof.point_value", year).value
        patients = RULES.value("qof.national_list", year).value
    except RuleMissing:
        assert first in (2015, 2018), "only these two years lack a value"
        return
    assert abs(point / patients - Decimal("0.022142")) <= Decimal("0.000002")


@pytest.mark.parametrize(
    ("id", "on", "value", "grade"),
    [
        ("qof.point_value", "2026-27", "227.95", "second_hand"),
        ("qof.national_list", "2026-27", "10295", "second_hand"),
        ("qof.national_list", "2014-15", "7087", "read"),
        ("qof.national_list", "2025-26", "10184", "derived"),
        ("qof.point_value", "2021-22", "201.16", "read"),
        ("qof.aspiration_share", "2024-25", "80", "read"),
        ("qof.aspiration_share", "2022-23", "70", "read"),
        ("global_sum.per_weighted_patient", "2025-26", "121.79", "read"),
        ("global_sum.per_weighted_patient", "2026-27", "130.07", "second_hand"),
        ("global_sum.per_weighted_patient", "2015-09-30", "75.77", "read"),
        ("global_sum.per_weighted_patient", "2015-10-01", "76.51", "read"),
        ("global_sum.out_of_hours_deduction", "2026-M07", "4.70", "second_hand"),
        ("arrs.per_weighted_patient", "2026-27", "27.668", "second_hand"),
        ("arrs.maximum.gp", "2026-27", "152900", "second_hand"),
        ("arrs.maximum.band_5", "2023-06-30", "38187", "read"),
        ("arrs.maximum.band_5", "2023-07-01", "40159", "read"),
        ("pcn.enhanced_access", "2026-27", "8.903", "second_hand"),
        ("iif.point_value", "2024-25", "198", "read"),
    ],
)
def test_values_by_hand(id: str, on: str, value: str, grade: str) -> None:
    found = RULES.value(id, on)
    assert (found.value, found.grade) == (Decimal(value), grade)
    assert found.unit and found.reference and found.place.startswith("knowledge/rules/")
    assert found.as_reference().id == id and not found.local


def test_a_published_payment_comes_out() -> None:
    # Lentells: every point and 9,000 patients, 2019/20 and 2020/21.
    for year, published in (("2019-20", 111_395), ("2020-21", 112_992)):
        paid = (
            RULES.value("qof.points_total", year).value
            * RULES.value("qof.point_value", year).value
            * 9_000 / RULES.value("qof.national_list", year).value
        )  # fmt: skip
        assert abs(paid - published) < 1


def test_every_value_is_cited_and_graded() -> None:
    for scalar in RULES.scalars.values():
        for one in scalar.value:
            assert RULES.references[one.place, one.reference].text
            assert one.grade in GRADES and one.grade != "what_if"
        for gap in scalar.missing:
            assert gap.what.endswith(".") and gap.where


def test_every_row_of_a_sheet_is_cited_and_graded() -> None:
    for sheet in RULES.sheets.values():
        assert sheet.head.document.address.startswith("https://")
        for row in sheet.rows:
            cited = sheet.cite(row.code)
            assert cited.reference and cited.grade in GRADES
            assert cited.id == f"qof/{sheet.period.code}/{row.code}"


def test_an_indicator_keeps_its_title_and_group_from_year_to_year() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for sheet in RULES.sheets.values():
        for row in sheet.rows:
            assert seen.setdefault(row.code, (row.title, row.group)) == (row.title, row.group)
            assert not row.title.startswith(("The ", "Percentage"))
            assert len(row.title.split()) <= 16, "a short title of our own"


@pytest.mark.parametrize(
    ("id", "on", "words"),
    [
        ("qof.point_value", "2018-19", ["not known", "Statement of Financial Entitlements"]),
        ("qof.national_list", "2015-16", ["7,223", "Statement of Financial Entitlements"]),
        ("qof.point_value", "2027-28", ["April 2027", "2027-03-31", "HOME/knowledge/rules"]),
        ("qof.point_value", "2004-05", ["2013-04-01"]),
        ("qof.point_vale", "2026-27", ["did you mean 'qof.point_value'"]),
        ("global_sum.per_weighted_patient", "2015-16", ["changes within", "75.77", "one day"]),
        ("global_sum.per_weighted_patient", "2021-22", ["96.78", "has not been read"]),
        ("global_sum.formula.age_sex", "2026-27", ["weighted lists that NHS England publishes"]),
        ("qof.vaccination_improvement.upper", "2026-27", ["PRN02356"]),
        ("pcn.care_home_premium", "2026-27", ["DES specification 2026/27"]),
        ("arrs.maximum.band_7", "2026-27", ["band 7"]),
        ("arrs.maximum.band_4", "2024-25", ["has not been read"]),
    ],
)
def test_what_is_not_known_is_said_and_never_guessed(id: str, on: str, words: list[str]) -> None:
    with pytest.raises(RuleMissing) as told:
        RULES.value(id, on)
    for word in words:
        assert word in str(told.value), str(told.value)


def test_values_through_a_year_that_changes() -> None:
    found = RULES.values("global_sum.per_weighted_patient", "2015-16")
    assert [str(one.value) for one in found] == ["75.77", "76.51"]
    assert found[1].effective_from == date(2015, 10, 1)


def test_a_day_a_period_and_its_words_ask_the_same() -> None:
    whens = ["2026-27", "2026/27", Period.financial_year(2026), date(2026, 7, 1), "July 2026"]
    assert {RULES.value("qof.point_value", when).value for when in whens} == {Decimal("227.95")}


def test_a_sheet_that_is_not_there() -> None:
    with pytest.raises(RuleMissing, match=r"no qof sheet for 2018-19.*2019-20 to 2026-27"):
        RULES.sheet("qof", "2018-19")
    with pytest.raises(RuleMissing, match="did you mean 'qof'"):
        RULES.sheet("qoff", "2024-25")


def test_cells_of_a_sheet() -> None:
    sheet = RULES.sheet("qof", "2025-26")
    assert sheet.value("HYP008", "upper") == 85 and sheet.value("HYP008", "points") == 38
    with pytest.raises(RuleMissing, match="did you mean 'HYP008'"):
        sheet.value("HYP08", "upper")
    with pytest.raises(RuleMissing, match="did you mean 'upper'"):
        sheet.value("HYP008", "uper")


def test_an_empty_cell_says_where_it_would_be_published() -> None:
    with pytest.raises(RuleMissing, match=r"HYP008: upper is not known.*guidance for 2024/25"):
        RULES.sheet("qof", "2024-25").value("HYP008", "upper")
    with pytest.raises(RuleMissing, match=r"lower does not apply \(register\)"):
        RULES.sheet("qof", "2024-25").value("HYP001", "lower")


def test_the_first_step_of_vaccination_payment() -> None:
    assert RULES.sheet("qof", "2021-22").value("VI001", "points_at_lower") == 3
    assert RULES.sheet("qof", "2023-24").value("VI001", "points_at_lower") == 0
    assert RULES.sheet("qof", "2023-24").value("VI001", "upper") == 96
    with pytest.raises(RuleMissing, match="VI001 paid 3 points"):
        RULES.sheet("qof", "2021-22").value("VI002", "points_at_lower")


def test_what_if_leaves_the_rules_as_they_are() -> None:
    changed = RULES.with_changes({"qof.point_value": 250})
    found = changed.value("qof.point_value", "2026-27")
    assert (found.value, found.grade) == (250, "what_if")
    assert "What-if" in found.reference
    assert changed.value("qof.point_value", "2018-19").value == 250, "it fills what is missing"
    assert RULES.value("qof.point_value", "2026-27").value == Decimal("227.95")
    assert changed.changes == {"qof.point_value": 250} and not RULES.changes
    assert changed.value("qof.national_list", "2026-27") == RULES.value(
        "qof.national_list", "2026-27"
    )


def test_what_if_for_one_period_alone() -> None:
    changed = RULES.with_changes({"global_sum.per_weighted_patient@2015-M10": "80.00"})
    found = changed.values("global_sum.per_weighted_patient", "2015-16")
    assert [str(one.value) for one in found] == ["75.77", "80.00", "76.51"]
    assert [one.effective_from.month for one in found] == [4, 10, 11]
    assert [one.grade for one in found] == ["read", "what_if", "read"]


def test_what_if_in_a_cell() -> None:
    changed = RULES.with_changes({"qof/2026-27/HYP010/upper": 90, "qof/2026-27/HYP010/points": 40})
    row = changed.sheet("qof", "2026-27").row("HYP010")
    assert (row.upper, row.points, row.grade) == (90, 40, "what_if")
    assert RULES.sheet("qof", "2026-27").row("HYP010").upper == 85
    assert changed.sheet("qof", "2026-27").total() == 584
    assert RULES.sheet("qof", "2026-27").total() == 582


def test_what_if_upon_what_if() -> None:
    once = RULES.with_changes({"qof.point_value": 250})
    twice = once.with_changes({"qof.national_list": 10_000.5})
    assert twice.value("qof.point_value", "2026-27").value == 250
    assert twice.value("qof.national_list", "2026-27").value == Decimal("10000.5")
    assert set(twice.changes) == {"qof.point_value", "qof.national_list"}


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("qof.point_valeu", 1, "did you mean 'qof.point_value'"),
        ("qof/2026-27/HYP010/uper", 1, "did you mean 'upper'"),
        ("qof/2026-27/HYP10/upper", 1, "did you mean 'HYP010'"),
        ("qof/2027-28/HYP010/upper", 1, "no qof sheet for 2027-28"),
        ("qof/2026-27/HYP010", 1, "scheme/period/code/column"),
        ("qof/2026-27/HYP010/title", 1, "no number stands"),
        ("qof/2026-27/HYP010/upper", 30, "not below upper"),
        ("qof/2026-27/HYP010/upper", 130, "100"),
        ("qof.point_value", "much", "not a number"),
        ("qof.point_value", float("nan"), "not a number"),
        ("qof.point_value", True, "not a number"),
    ],
)
def test_a_what_if_that_names_nothing_is_told(key: str, value: object, words: str) -> None:
    with pytest.raises((RuleMissing, KnowledgeError), match=words):
        RULES.with_changes({key: value})


def own(tmp_path: Path, rule: str) -> Rules:
    text = '[references]\nown = { text = "Our own reading of it" }\n' + rule
    return knowledge.load(home(tmp_path, **{"rules/ours.toml": text})).rules


def test_a_locality_fills_a_gap(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        '[[rule]]\nid = "qof.national_list"\ntitle = "National list"\nunit = "patients"\nvalue = ['
        '{ from = 2018-04-01, to = 2019-03-31, value = 8096, reference = "own", grade = "read" }]',
    )
    found = rules.value("qof.national_list", "2018-19")
    assert (found.value, found.local, found.reference) == (8096, True, "Our own reading of it")
    assert not rules.value("qof.national_list", "2019-20").local
    with pytest.raises(RuleMissing):
        rules.value("qof.national_list", "2015-16")


def test_a_locality_replaces_a_value_of_the_same_dates(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        '[[rule]]\nid = "pcn.enhanced_access"\ntitle = "Enhanced access"\n'
        'unit = "£ per person of the adjusted population"\nvalue = ['
        '{ from = 2026-04-01, to = 2027-03-31, value = 8.91, reference = "own", grade = "read" }]',
    )
    found = rules.value("pcn.enhanced_access", "2026-27")
    assert found.value == Decimal("8.91") and found.local
    (held,) = [one for one in rules.scalar("pcn.enhanced_access").value if one.local]
    assert held.replaces == "knowledge/rules/primary_care_networks.toml"


@pytest.mark.parametrize(
    ("id", "unit", "when", "value", "words"),
    [
        ("pcn.enhanced_access", "£", "from = 2026-04-01, to = 2027-03-31", 8.91, "not '£'"),
        ("arrs.national_total", "£ million", "from = 2026-10-01", 1800, "the same from and to"),
        ("qof.point_value", "£ per point", "from = 2026-04-01, to = 2027-03-31", 222.95,
         "Their ratio is 0.021656"),
        ("qof.points_total", "points", "from = 2026-04-01, to = 2027-03-31", 580,
         "add up to 582"),
    ],
)  # fmt: skip
def test_guards_hold_over_a_locality_too(
    tmp_path: Path, id: str, unit: str, when: str, value: float, words: str
) -> None:
    with pytest.raises(KnowledgeError, match=words):
        own(
            tmp_path,
            f'[[rule]]\nid = "{id}"\ntitle = "A rule of ours"\nunit = "{unit}"\n'
            f'value = [{{ {when}, value = {value}, reference = "own", grade = "read" }}]',
        )


def test_a_sheet_of_ones_own_replaces_the_packages(tmp_path: Path) -> None:
    head = (PACKAGE / "rules/qof/2026-27.toml").read_text("utf-8")
    rows = (PACKAGE / "rules/qof/2026-27.csv").read_text("utf-8")
    swapped = rows.replace("HYP010,HYP,", "HYP099,HYP,")
    folder = home(tmp_path, **{"rules/qof/2026-27.toml": head, "rules/qof/2026-27.csv": swapped})
    sheet = knowledge.load(folder).rules.sheet("qof", "2026-27")
    assert sheet.local and sheet.replaces == "knowledge/rules/qof/2026-27.csv"
    assert sheet.row("HYP099").points == 38
    short = "\n".join(rows.splitlines()[:-1]) + "\n"
    with pytest.raises(KnowledgeError, match=r"2026-27\.csv.*the rows add up to 578"):
        knowledge.load(home(tmp_path, **{"rules/qof/2026-27.csv": short}))


def test_rows_that_change_within_the_year(tmp_path: Path) -> None:
    table = list(csv.DictReader(io.StringIO(FILES["rules/local/2026-27.csv"])))
    early, late, other = dict(table[0]), dict(table[0]), dict(table[1])
    early |= {"from": "", "to": "2026-06-30"}
    late |= {"from": "2026-07-01", "to": "", "upper": "90"}
    out = io.StringIO()
    writer = csv.DictWriter(out, [*table[0], "from", "to"], lineterminator="\n")
    writer.writeheader()
    writer.writerows([early, late, other])
    folder = home(tmp_path, **{"rules/local/2026-27.csv": out.getvalue()})
    sheet = knowledge.load(folder).rules.sheet("local", "2026-27")
    assert sheet.row("LOC001", date(2026, 6, 30)).upper == 80
    assert sheet.row("LOC001", date(2026, 7, 1)).upper == 90
    assert sheet.row("LOC001").upper == 90 and sheet.total() == 15


def test_the_package_explains_every_day_between_first_and_last() -> None:
    for scalar in RULES.scalars.values():
        assert scalar.unexplained() == [], scalar.id


def test_recalled_values_are_not_shipped() -> None:
    values = {str(one.value) for scalar in RULES.scalars.values() for one in scalar.value}
    assert not values & {"179.26", "8096", "7233", "97.28", "123.34", "7052", "10349"}


@pytest.mark.published
def test_points_agree_with_the_published_mapping(published: Path) -> None:
    import pyarrow.parquet as parquet

    for first in range(2019, 2024):
        name = f"qof_indicators_{first}_{first + 1}.parquet"
        table = parquet.read_table(published / "practice" / name).to_pylist()
        code = next(key for key in table[0] if key.upper() == "INDICATOR_CODE")
        points = next(key for key in table[0] if "POINT" in key.upper())
        sheet = RULES.sheet("qof", Period.financial_year(first))
        assert {row.code: row.points for row in sheet.rows} == {
            row[code]: Decimal(str(row[points] or 0)) for row in table
        }
