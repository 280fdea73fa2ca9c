"""Measure: from counts to values with honest intervals, and what may be shown of them.

* :func:`values`, :func:`values_table`: values, intervals, and why there is none.
* :func:`figure`: one figure with its whole working; :func:`sentence` sets it beside another.
* :func:`trend`, :func:`over`, :func:`figures`, :func:`catalogue`: the tables of the pages.
* :func:`changes`: what a newer version changed; :func:`unjudged`: what cannot be judged, and why.
* :func:`waits`, :func:`waits_over`, :func:`waits_trend`: hospital waits; QOF results by year and
  indicator: :func:`qof_overall`, :func:`qof_by_indicator`.
* :func:`judged`: every organisation at its last period, fitted once a refresh (:class:`Model`) on
  stated :class:`Terms`; :func:`funnel`, :func:`in_order`, :func:`standings`, :func:`enough`: what
  that lets one say, chance and difference told apart; :func:`cards`: what a measure is worth.
* :func:`withheld`, :func:`released`: the one release gate for counts supplied locally.

Functions take tables, arrays and definitions, and load nothing.
"""

from locality.measure.cards import cards
from locality.measure.changes import CHANGES, changes, changes_table, first_counted
from locality.measure.compare import Standing, sentence, standing
from locality.measure.funnel import funnel, in_order
from locality.measure.gate import ENOUGH, enough, why_not
from locality.measure.judged import COMPARED, judged
from locality.measure.models import Model
from locality.measure.qof_score import QOF_BY_INDICATOR, QOF_SCORE
from locality.measure.qof_score import by_indicator as qof_by_indicator
from locality.measure.qof_score import overall as qof_overall
from locality.measure.release import released, withheld
from locality.measure.schemas import CATALOGUE, FIGURES
from locality.measure.standings import standings
from locality.measure.tables import catalogue, figures, over, trend
from locality.measure.terms import State, Terms
from locality.measure.unjudged import UNJUDGED, unjudged
from locality.measure.values import Values, values, values_table
from locality.measure.waits import combined, joined, waits, waits_over, waits_trend
from locality.measure.waits_tables import WAITS, WAITS_OVER, WAITS_TREND
from locality.measure.working import figure, reference

__all__ = [
    "CATALOGUE",
    "CHANGES",
    "COMPARED",
    "ENOUGH",
    "FIGURES",
    "QOF_BY_INDICATOR",
    "QOF_SCORE",
    "UNJUDGED",
    "WAITS",
    "WAITS_OVER",
    "WAITS_TREND",
    "Model",
    "Standing",
    "State",
    "Terms",
    "Values",
    "cards",
    "catalogue",
    "changes",
    "changes_table",
    "combined",
    "enough",
    "figure",
    "figures",
    "first_counted",
    "funnel",
    "in_order",
    "joined",
    "judged",
    "over",
    "qof_by_indicator",
    "qof_overall",
    "reference",
    "released",
    "sentence",
    "standing",
    "standings",
    "trend",
    "unjudged",
    "values",
    "values_table",
    "waits",
    "waits_over",
    "waits_trend",
    "why_not",
    "withheld",
]
