"""Tables of QOF points and pounds."""

from __future__ import annotations

from locality.figures import Column, Schema


def _number(name: str, meaning: str, unit: str) -> Column:
    return Column(name, "number", meaning, unit, required=False)


def _whole(name: str, meaning: str, unit: str = "patients") -> Column:
    return Column(name, "whole", meaning, unit, required=False)


def _text(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, required=False)


QOF_POSITION = Schema(
    "qof_position",
    "Points and pounds by indicator: what is earned, what is still to earn, how many patients",
    (
        Column("code", "text", "QOF indicator, such as HYP010"),
        Column("title", "text", "what it is about"),
        Column("group", "text", "group, such as HYP"),
        _number("worth", "points it is worth", "points"),
        _number("lower", "points begin above", "%"),
        _number("upper", "every point from", "%"),
        _whole("numerator", "patients reached"),
        _whole("denominator", "net of care adjustments"),
        _whole("pcas", "personalised care adjustments"),
        _number("achievement", "of those in the denominator", "%"),
        _number("achievement_lower", "lower end of its 95 % interval", "%"),
        _number("achievement_upper", "upper end of its 95 % interval", "%"),
        _number("pca_rate", "under a care adjustment", "%"),
        _number("england_pca_rate", "England's rate of adjustments", "%"),
        _number("points", "points earned", "points"),
        Column("points_from", "text", "counts, published, or none"),
        _number("rate", "worth of one point here", "£ per point"),
        _number("pounds", "earned", "£"),
        _number("points_to_earn", "points still to earn", "points"),
        _number("pounds_to_earn", "still to earn", "£"),
        _whole("patients_to_next", "more patients to the next point"),
        _whole("patients_to_upper", "more patients to every point"),
        _number("worth_of_one", "what one more patient reached is worth", "£"),
        Column("estimate", "flag", "whether the pounds are an estimate"),
        _text("why_estimate", "why they are"),
        _text("said", "what can be said of it, chance and difference told apart"),
        _text("moved", "whether it moved, and by which rule"),
        _text("earns", "whether counting it earns its keep: yes, no, cannot be said"),
        _text("next_code", "its code in the next year's sheet"),
        _number("next_worth", "points it is worth next year", "points"),
        _number("next_points", "points these counts would earn next year", "points"),
        _number("next_pounds", "and what they would be worth", "£"),
        _text("next_note", "what changes for it"),
        _text("missing", "why there are no points or pounds"),
    ),
    ("code",),
)

QOF_PACE = Schema(
    "qof_pace",
    "What is needed in the time that is left: a pace, not a forecast",
    (
        Column("code", "text", "QOF indicator"),
        Column("title", "text", "what it is about"),
        Column("as_at", "date", "day of the count"),
        _whole("numerator", "patients reached"),
        _whole("denominator", "net of care adjustments"),
        _number("achievement", "of those in the denominator", "%"),
        _number("upper", "every point from", "%"),
        _whole("patients_to_upper", "more patients to every point"),
        _number("weeks_left", "weeks to the end of March", "weeks"),
        _number("a_week", "patients a week that needs", "patients a week"),
        _number("pounds_to_earn", "still to earn", "£"),
        _whole("years", "earlier years in the practice's own profile", "years"),
        _number("likely", "likely achievement at year end", "%"),
        _number("likely_lower", "lower end of its 80 % interval", "%"),
        _number("likely_upper", "upper end of its 80 % interval", "%"),
        _number("points_likely", "points at the likely achievement", "points"),
        _number("points_lower", "points at its lower end", "points"),
        _number("points_upper", "points at its upper end", "points"),
        Column("sentence", "text", "the same in words"),
    ),
    ("code",),
)

QOF_SCENARIOS = Schema(
    "qof_scenarios",
    "Points and pounds of practices under several scenarios",
    (
        Column("scenario", "text", "which sheet and counts"),
        Column("practice_code", "text", "ODS code of the practice"),
        _number("points", "points earned", "points"),
        _number("open", "points open to it", "points"),
        _number("pounds", "earned", "£"),
        _number("pounds_to_earn", "still to earn", "£"),
        Column("indicators", "whole", "indicators that pounds could be worked out for"),
        Column("not_known", "whole", "indicators that they could not"),
    ),
    ("scenario", "practice_code"),
)

QOF_CONSTANTS = Schema(
    "qof_constants",
    "What the pounds rest on: each constant, how far to trust it, what is missing",
    (
        Column("rule", "text", "id in knowledge/rules"),
        Column("title", "text", "what it is"),
        Column("period", "text", "financial year it is wanted for"),
        _number("value", "value used", ""),
        Column("unit", "text", "unit of the value"),
        Column("value_of", "text", "the year whose value it is"),
        Column("grade", "text", "read, second_hand, derived, or entered here"),
        Column("estimate", "flag", "whether another year's value stands in"),
        Column("words", "text", "how far it can be trusted"),
        Column("reference", "text", "where it was read"),
        _text("missing", "what is not known, and where it would be published"),
    ),
    ("rule",),
)
