"""What is made of a measure's counts once chance is told from difference.

``code`` is an organisation's code, ``measure`` an id in knowledge/measures. Values, intervals and
centres are in the measure's unit. ``highest`` and ``lowest`` are probabilities of truly lying in
the highest or lowest tenth of the organisations of that kind: which of the two is worse, if
either, is for the measure's polarity to say.
"""

from __future__ import annotations

from locality.figures.table import Column, Schema

_VALUE = (
    Column("value", "number", "in the measure's unit", required=False),
    Column("lower", "number", "lower end of its interval", required=False),
    Column("upper", "number", "upper end of its interval", required=False),
)
_COUNTS = (
    Column("numerator", "number", "count", required=False),
    Column("denominator", "number", "count", required=False),
)
_SHRUNKEN = (
    Column("shrunken", "number", "best guess of the true value: drawn to the mean", required=False),
    Column("shrunken_lower", "number", "lower end of its 95 % interval", required=False),
    Column("shrunken_upper", "number", "upper end of its 95 % interval", required=False),
    Column("highest", "number", "probability of the true highest tenth, 0 to 1", required=False),
    Column("lowest", "number", "probability of the true lowest tenth, 0 to 1", required=False),
)
_RELIABILITY = Column("reliability", "number", "share that is not chance, 0 to 1", required=False)
_MISSING = Column("missing", "text", "why there is no value", required=False)
_STATE = Column("state", "text", "can be judged, cannot be judged, described only, or no number")
_CALL = Column("call", "text", "highest, lowest, or empty: where it is surely enough")

MODELS = Schema(
    "models",
    "How far organisations of a kind truly differ on a measure, and what that allows",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("kind", "text", "kind of organisation compared"),
        Column("period", "text", "period code"),
        Column("unit", "text", "unit of the values"),
        Column("family", "text", "beta, gamma; empty where chance has no part"),
        Column("compared", "whole", "how many with a value were compared"),
        Column("mean", "number", "mean of the true values", required=False),
        Column("deviation", "number", "standard deviation of the true values", required=False),
        Column("half_size", "number", "denominator at reliability one half", required=False),
        Column("scale", "number", "unit of a value for one in one", required=False),
        Column("reliability", "number", "median over those compared, 0 to 1", required=False),
        Column("true_share", "number", "share of the visible spread that is true", required=False),
        Column("size_07", "number", "denominator needed for reliability 0.7", required=False),
        Column("size_09", "number", "denominator needed for reliability 0.9", required=False),
        Column("median_size", "number", "median denominator", required=False),
        Column("centre", "number", "centre of the funnel", required=False),
        Column("spread", "number", "overdispersion, on the funnel's scale", required=False),
        Column("at_ceiling", "whole", "how many can go no higher (or lower, if lower is better)"),
        Column("judged", "whole", "how many are reliable enough to be judged"),
        Column("called_highest", "whole", "called truly among the highest tenth"),
        Column("called_lowest", "whole", "called truly among the lowest tenth"),
        Column("claimed", "number", "precision that these calls claim together", required=False),
    ),
    ("measure", "kind"),
)

JUDGED = Schema(
    "judged",
    "Each organisation on each measure at its latest period: what is certain and what is not",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("code", "text", "organisation"),
        Column("kind", "text", "kind of organisation"),
        Column("period", "text", "period code"),
        *_VALUE,
        *_COUNTS,
        _RELIABILITY,
        *_SHRUNKEN,
        Column("adjusted", "number", "value after adjustment for its patients", required=False),
        Column("z", "number", "distance from its peers, in standard deviations", required=False),
        Column(
            "place", "whole", "funnel limits it lies beyond: 1 (95 %), 2 (99.8 %), negative below"
        ),
        _CALL,
        _STATE,
        Column("variation", "text", "its own chart's word for its latest point"),
        Column("points", "whole", "how many periods its own chart has"),
        Column("baseline", "whole", "periods its alerts are frozen on; 0 where there are too few"),
        Column("strength", "number", "height of its CUSUM now, negative below", required=False),
        Column("strength_before", "number", "height one period earlier", required=False),
        Column("usual", "number", "mean of that baseline", required=False),
        _MISSING,
    ),
    ("measure", "code", "kind"),
)

FUNNEL = Schema(
    "funnel",
    "Each organisation beside the limits for its size",
    (
        Column("code", "text", "organisation"),
        Column("kind", "text", "kind of organisation"),
        Column("name", "text", "its name", required=False),
        Column("period", "text", "period code"),
        Column("value", "number", "in the measure's unit", required=False),
        *_COUNTS,
        Column("centre", "number", "centre of the funnel", required=False),
        Column("lower_95", "number", "19 of 20 lie above it", required=False),
        Column("upper_95", "number", "19 of 20 lie below it", required=False),
        Column("lower_998", "number", "all but 1 in 1,000 lie above it", required=False),
        Column("upper_998", "number", "all but 1 in 1,000 lie below it", required=False),
        Column("z", "number", "distance from the centre, in standard deviations", required=False),
        Column("place", "whole", "limits it lies beyond: 1 (95 %), 2 (99.8 %), negative below"),
        _RELIABILITY,
        _STATE,
        _MISSING,
    ),
    ("code", "kind"),
)

CATERPILLAR = Schema(
    "caterpillar",
    "Organisations in the order of their likely true values, with how sure that order is",
    (
        Column("code", "text", "organisation"),
        Column("kind", "text", "kind of organisation"),
        Column("name", "text", "its name", required=False),
        Column("period", "text", "period code"),
        *_VALUE,
        *_COUNTS,
        _RELIABILITY,
        *_SHRUNKEN,
        _CALL,
        _STATE,
        _MISSING,
    ),
    ("code", "kind"),
)

CONTROL_CHART = Schema(
    "control_chart",
    "One organisation's own series, with what its past leads one to expect",
    (
        Column("code", "text", "organisation"),
        Column("kind", "text", "kind of organisation"),
        Column("period", "text", "period code"),
        Column("value", "number", "in the measure's unit", required=False),
        *_COUNTS,
        Column("centre", "number", "average of its phase", required=False),
        Column("lower", "number", "lower process limit", required=False),
        Column("upper", "number", "upper process limit", required=False),
        Column("target", "number", "target in force", required=False),
        Column("phase", "whole", "0 until the first rebase, then 1, 2 and so on"),
        Column("rules", "text", "rules that the point is part of, joined by '; '; empty for none"),
        Column("direction", "text", "high, low, or empty: to which side they point"),
        Column("sentence", "text", "the same in a plain sentence, or empty"),
        _MISSING,
    ),
    ("code", "kind", "period"),
)

PEERS = Schema(
    "peers",
    "The organisations most like one, by what drives this measure",
    (
        Column("code", "text", "organisation; the first row is the one that is compared"),
        Column("name", "text", "its name", required=False),
        Column("distance", "number", "how unlike it is: 0 is the same, 1 a usual difference"),
        Column("drivers", "text", "its list, age, deprivation and so on, in words"),
        Column("period", "text", "period code"),
        *_VALUE,
        *_COUNTS,
        _MISSING,
    ),
    ("code",),
)

DRIVERS = Schema(
    "drivers",
    "What likeness is measured by: the organisation beside its peers",
    (
        Column("driver", "text", "id in knowledge/drivers.toml"),
        Column("title", "text", "what it is"),
        Column("unit", "text", "its unit"),
        Column("own", "number", "of the organisation", required=False),
        Column("peers", "number", "mean of its peers", required=False),
        Column("everyone", "number", "mean of all compared", required=False),
        Column("deviation", "number", "usual difference between two of all", required=False),
    ),
    ("driver",),
)

OPPORTUNITY = Schema(
    "opportunity",
    "The gap to the mean of stated peers, and what of it would close by itself",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("unit", "text", "unit of values and gaps"),
        Column("period", "text", "period code"),
        Column("value", "number", "the organisation's own", required=False),
        Column("peers", "number", "mean of its peers", required=False),
        Column("peers_count", "whole", "how many peers"),
        Column("gap", "number", "own less peers, as seen", required=False),
        Column("by_itself", "number", "of the gap: likely to close with no action", required=False),
        Column("likely", "number", "of the gap: likely to stay", required=False),
        Column("likely_lower", "number", "lower end of its 95 % interval", required=False),
        Column("likely_upper", "number", "upper end of its 95 % interval", required=False),
        Column("events", "number", "people or events the likely gap stands for", required=False),
        Column("significant", "flag", "whether the likely gap leaves out zero"),
        Column("sentence", "text", "the same in words"),
    ),
    ("measure",),
)

INEQUALITY = Schema(
    "inequality",
    "A measure by fifths of practices, from the least deprived to the most",
    (
        Column("fifth", "whole", "1 is the least deprived fifth of patients, 5 the most"),
        Column("title", "text", "what it is"),
        Column("practices", "whole", "practices in it"),
        Column("period", "text", "period code"),
        *_VALUE,
        *_COUNTS,
        Column("share", "number", "middle of its place from 0 (least) to 1 (most deprived)"),
        Column("fitted", "number", "on the line from least to most", required=False),
    ),
    ("fifth",),
)

ALERTS = Schema(
    "alerts",
    "Series that left their own past, within the number of false alerts their reader accepts",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("code", "text", "organisation"),
        Column("name", "text", "its name", required=False),
        Column("period", "text", "latest period"),
        Column("unit", "text", "unit of the values"),
        Column("value", "number", "latest value", required=False),
        Column("usual", "number", "mean of its baseline", required=False),
        Column("direction", "text", "higher or lower"),
        Column("state", "text", "new or still on"),
        Column("strength", "number", "height of its CUSUM, in standard deviations"),
        Column("sure", "flag", "among those of which at most one in ten is expected to be false"),
        Column("mark", "text", "unexplained, data problem, warranted or being worked on"),
        Column("sentence", "text", "the same in words"),
    ),
    ("measure", "code"),
)

STANDINGS = Schema(
    "standings",
    "All measures of one organisation: what is certain, what moved, what cannot be judged",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("topic", "text", "what it is about"),
        Column("unit", "text", "unit of the values"),
        Column("polarity", "text", "none, higher_is_better or lower_is_better"),
        Column("period", "text", "period code"),
        *_VALUE,
        *_COUNTS,
        Column("england", "number", "value of England", required=False),
        _RELIABILITY,
        Column("highest", "number", "probability of the true highest tenth", required=False),
        Column("lowest", "number", "probability of the true lowest tenth", required=False),
        _CALL,
        _STATE,
        Column("place", "whole", "funnel limits it lies beyond, negative below"),
        Column("variation", "text", "of the latest point, by its own chart"),
        Column("alert", "text", "new, still on, quiet or too few points"),
        Column("mark", "text", "unexplained, data problem, warranted or being worked on"),
        Column("sentence", "text", "what can be said, in one plain sentence"),
        _MISSING,
    ),
    ("measure",),
)

CARDS = Schema(
    "cards",
    "What each measure is worth, and what it costs",
    (
        Column("measure", "text", "id in knowledge/measures"),
        Column("title", "text", "what it is called"),
        Column("topic", "text", "what it is about"),
        Column("period", "text", "period code", required=False),
        Column("compared", "whole", "practices with a value"),
        Column("reliability", "number", "median over practices, 0 to 1", required=False),
        Column("true_share", "number", "share of the visible spread that is true", required=False),
        Column("judged_share", "number", "practices that can be judged, 0 to 1", required=False),
        Column("ceiling_share", "number", "practices that can go no higher", required=False),
        Column("patients", "number", "median counted over a practice", required=False),
        Column("minutes", "number", "for each patient, as someone here said", required=False),
        Column("hours", "number", "hours a year for each practice", required=False),
        Column("appointments", "number", "ten-minute appointments that is", required=False),
        Column("crowds_out", "text", "what it crowds out, as someone here said"),
        Column("last_reviewed", "date", "when its definition was last looked at", required=False),
        Column("next_review", "date", "when it is due again", required=False),
        Column("owner", "text", "the role that answers for it"),
        Column("imposed_by", "text", "who asks for it: the publisher of its definition"),
        Column("earns", "text", "yes, no, or cannot be said"),
        Column("sentence", "text", "why, in words"),
    ),
    ("measure",),
)
