"""Statistics on arrays: NumPy in, small typed results out. A library in its own right.

It imports nothing of the project. Every function cites its equation and says where it departs.
"""

from locality.statistics.adjustment import Adjusted, Regressed, adjust, regress
from locality.statistics.alerts import Budget, Told, budget, told
from locality.statistics.assurance import Assurance, Assured, assurance
from locality.statistics.banded import percentile
from locality.statistics.chart_labels import Label, Variation, reason, sentences
from locality.statistics.chart_signals import Latest, Signals, latest, signals, states
from locality.statistics.comparing import ByChance, Discoveries, by_chance, discoveries
from locality.statistics.control_charts import (
    Chart,
    p_chart,
    p_prime,
    run_chart,
    u_chart,
    u_prime,
    xmr,
)
from locality.statistics.cusum import BASELINES, Cusum, Standardised, cusum, standardised
from locality.statistics.differences import difference
from locality.statistics.disclosure import Suppression, suppress
from locality.statistics.dispersion import Overdispersion, overdispersion
from locality.statistics.funnels import (
    Judged,
    differs_from_target,
    peer_limits,
    target_limits,
    unusual_among_peers,
)
from locality.statistics.inequality import quantiles, ridits, slope
from locality.statistics.interrupted import InterruptedSeries, interrupted_series
from locality.statistics.interrupted_counts import (
    InterruptedCounts,
    interrupted_counts,
    interrupted_proportions,
)
from locality.statistics.interrupted_design import Change, Interruption
from locality.statistics.intervals import (
    Interval,
    byar,
    exact_binomial,
    exact_poisson,
    mean,
    wilson,
)
from locality.statistics.opportunity import Opportunity, opportunity
from locality.statistics.rule_sets import RULE_SETS, RuleSet, rule_set
from locality.statistics.shrinking import (
    calls,
    probability_in_tail,
    regression_to_the_mean,
    reliability,
    shrink,
    size_needed,
)
from locality.statistics.spread import Spread, beta_spread, gamma_spread, normal_spread
from locality.statistics.standardisation import direct, expected, indirect

__all__ = [
    "BASELINES",
    "RULE_SETS",
    "Adjusted",
    "Assurance",
    "Assured",
    "Budget",
    "ByChance",
    "Change",
    "Chart",
    "Cusum",
    "Discoveries",
    "InterruptedCounts",
    "InterruptedSeries",
    "Interruption",
    "Interval",
    "Judged",
    "Label",
    "Latest",
    "Opportunity",
    "Overdispersion",
    "Regressed",
    "RuleSet",
    "Signals",
    "Spread",
    "Standardised",
    "Suppression",
    "Told",
    "Variation",
    "adjust",
    "assurance",
    "beta_spread",
    "budget",
    "by_chance",
    "byar",
    "calls",
    "cusum",
    "difference",
    "differs_from_target",
    "direct",
    "discoveries",
    "exact_binomial",
    "exact_poisson",
    "expected",
    "gamma_spread",
    "indirect",
    "interrupted_counts",
    "interrupted_proportions",
    "interrupted_series",
    "latest",
    "mean",
    "normal_spread",
    "opportunity",
    "overdispersion",
    "p_chart",
    "p_prime",
    "peer_limits",
    "percentile",
    "probability_in_tail",
    "quantiles",
    "reason",
    "regress",
    "regression_to_the_mean",
    "reliability",
    "ridits",
    "rule_set",
    "run_chart",
    "sentences",
    "shrink",
    "signals",
    "size_needed",
    "slope",
    "standardised",
    "states",
    "suppress",
    "target_limits",
    "told",
    "u_chart",
    "u_prime",
    "unusual_among_peers",
    "wilson",
    "xmr",
]
