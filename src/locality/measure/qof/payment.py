"""QOF money as statements: points x pounds a point, each line and each factor citing its rule."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import isfinite

from locality.figures import Factor, Line, RuleReference, Statement, Step, Working
from locality.knowledge.qof_registers import resting_on
from locality.measure.qof.constants import UNCHECKED, UNCHECKED_GROUPS, Constant, Scheme
from locality.measure.qof.scoring import Scored

_READ_IN = (
    "Primary Care IT, how QOF income is worked out, quoting the Statement of Financial Entitlements"
)
_ADDRESS = "https://support.primarycareit.co.uk"
_ASPIRATION = "Less aspiration paid each month"
LIST_FACTOR = RuleReference(
    "qof.list_factor",
    "The practice's list over the national average list",
    "locality/measure/qof/payment.py",
    _READ_IN,
    _ADDRESS,
)
PREVALENCE_FACTOR = RuleReference(
    "qof.prevalence_factor",
    "The practice's share on the register over England's, both of the whole list",
    "locality/measure/qof/payment.py",
    _READ_IN,
    _ADDRESS,
)


def statement(
    scored: Scored, *, name: str, prevalence_of: str, notes: Iterable[str] = ()
) -> Statement:
    """Return what one practice's points are worth, a line for each indicator with points.

    ``scored`` is of one practice; ``prevalence_of`` the year its prevalence is taken from.
    Indicators without points or without a factor are named in the working, and not guessed.
    """
    scheme = scored.scheme
    lines, left, unpaid = [], [], []
    for number, row in enumerate(scheme.rows):
        earned, factor = float(scored.points[0, number]), float(scored.factor[0, number])
        if not isfinite(earned):
            left.append(row.code)
        elif not isfinite(factor):
            unpaid.append(row.code)
        elif earned > 0:
            why = why_estimate(scored, number, prevalence_of)
            lines.append(
                Line.made_of(
                    label=f"{row.code}: {row.title}",
                    quantity=exact(earned),
                    quantity_unit="points",
                    factors=_factors(scored, number, prevalence_of),
                    rule=scheme.sheet.cite(row.code),
                    note=why,
                    estimate=bool(why),
                )
            )
    steps = [
        Step(
            "Each line is points x value of a point x list factor x prevalence factor, the last "
            "where the points are weighted by prevalence. Pounds are rounded once, at the end."
        ),
        *(Step(text) for text in notes),
    ]
    for codes, words in (
        (left, "Not in the statement, as there are no points or counts for them"),
        (unpaid, "Not in the statement, as their prevalence is not known"),
    ):
        if codes:
            steps.append(Step(f"{words}: {', '.join(codes)}."))
    rules = {one.rule.id: one.rule for line in lines for one in line.factors}
    return Statement.of(
        f"What QOF points are worth to {name}, {scheme.period}",
        lines,
        Working(rules=(*rules.values(), *(line.rule for line in lines)), steps=tuple(steps)),
    )


def through_the_year(
    earned: Decimal,
    last_year: Decimal | None,
    share: Constant | None,
    *,
    period: str,
    monthly: Decimal | None = None,
) -> Statement:
    """Return the year's payments: achievement less the aspiration paid in advance, the balance.

    ``last_year`` is last year's achievement payment and ``share`` the per cent of it paid in
    twelfths; ``monthly`` is the aspiration as the practice's own statement has it, where somebody
    typed it. Without either there is the achievement alone, and the working says why.
    """
    label = period
    own = RuleReference(
        "qof.achievement_payment", f"Achievement payment, {label}",
        "locality/measure/qof/payment.py", "The statement of points and pounds beside this one",
    )  # fmt: skip
    lines = [Line(f"Achievement, {label}", Decimal(1), "year", earned, own)]
    steps = []
    if monthly is not None:
        typed = RuleReference(
            "qof.aspiration_typed", "Monthly aspiration payment, as typed", "typed on the page",
            "The practice's own payment statement",
        )  # fmt: skip
        lines.append(
            Line("Less aspiration paid each month", Decimal(-12), "months", monthly, typed)
        )
    elif last_year is not None and share is not None:
        month = last_year * share.value / 100 / 12
        lines.append(
            Line(
                _ASPIRATION, Decimal(-12), "months", month, share.rule,
                note=f"{share.value} % of last year's achievement payment, £{last_year:,.2f}, in "
                "twelfths. It leaves out corrections and deductions, so the amount on the "
                "practice's own statement may differ.",
                estimate=True,
            )
        )  # fmt: skip
        if share.missing:
            steps.append(Step(f"The share is {share.words}. {share.missing}"))
    else:
        steps.append(Step("Last year's achievement is not known here, so nor is the aspiration."))
    return Statement.of(
        f"Through the year, {label}: achievement, aspiration, balance",
        lines,
        Working(rules=tuple(line.rule for line in lines), steps=tuple(steps)),
    )


def why_estimate(scored: Scored, number: int, prevalence_of: str) -> str:
    """Return why an indicator's pounds are an estimate; an empty text where they are not."""
    scheme, row = scored.scheme, scored.scheme.rows[number]
    why = []
    for one in (scheme.point, scheme.average_list):
        if one.missing:
            why.append(f"{one.title} stands {one.words}.")
    if row.group in UNCHECKED_GROUPS:
        why.append(UNCHECKED)
    if scheme.weighted[number] and prevalence_of != scheme.period:
        why.append(f"Prevalence is that of {prevalence_of}.")
    if scheme.weighting:
        why.append(scheme.weighting)
    if scheme.weighted[number]:
        resting = resting_on(row.group)
        if resting.basis != "published":
            why.append(resting.note)
    return " ".join(why)


def _factors(scored: Scored, number: int, prevalence_of: str) -> tuple[Factor, ...]:
    scheme: Scheme = scored.scheme
    listed, factor = float(scored.lists[0]), float(scored.factor[0, number])
    average = scheme.average_list.value
    found = [
        Factor("Value of a point", scheme.point.value, scheme.point.rule, scheme.point.words),
        Factor(
            "List factor",
            exact(listed) / average,
            LIST_FACTOR,
            f"{listed:,.0f} patients over {average:,} ({scheme.average_list.words or 'read'})",
        ),
    ]
    if scheme.weighted[number]:
        words = f"share on the register over England's, {prevalence_of}"
        found.append(Factor("Prevalence factor", exact(factor), PREVALENCE_FACTOR, words))
    return tuple(found)


def exact(number: float) -> Decimal:
    """Return a number as the shortest decimal that reads back the same."""
    return Decimal(repr(float(number)))
