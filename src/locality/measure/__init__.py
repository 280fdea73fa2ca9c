"""Measure: from counts to values with honest intervals, and what may be shown of them.

* :func:`values`, :func:`values_table`: values, intervals, and why there is none.
* :func:`figure`: one figure with its whole working; :func:`sentence` sets it beside another.
* :func:`trend`, :func:`over`, :func:`figures`, :func:`catalogue`: the tables of the pages.
* :func:`changes`: what a newer version changed.
* :mod:`qof`: points and pounds of the Quality and Outcomes Framework, a room within the room.
* :func:`waits`, :func:`waits_over`, :func:`waits_trend`: hospital waits.
* :func:`judged`: every organisation at its last period, fitted once a refresh (:class:`Model`) on
  stated :class:`Terms`; :func:`funnel`, :func:`in_order`, :func:`standings`, :func:`enough`: what
  that lets one say, chance and difference told apart; :func:`cards`: what a measure is worth;
  :func:`control_chart`, :func:`proposal`: one organisation beside its own past.
* :func:`alerts`: which series left their own past, within the false alerts that a reader accepts.
* :func:`alike`, :func:`peers_table`, :func:`opportunity`: those most like one, and the gap to
  their mean; :func:`inequality`: by deprivation; :func:`care_adjustments`, :func:`bunching`:
  with and without them, and a question.
* :func:`feedback`: judgement fed back to whom it is about, with room for its own account.
* :func:`withheld`, :func:`released`: the one release gate for counts supplied locally.

Functions take tables, arrays and definitions, and load nothing.
"""

from locality.measure import qof
from locality.measure.adjusting import ADJUSTED_FOR
from locality.measure.alerts import AREAS, OF_MANY, OF_ONE, Accepted, alerts
from locality.measure.bunching import BUNCHING, Threshold, bunching, upper_threshold
from locality.measure.cards import cards
from locality.measure.care_adjustments import (
    CARE_ADJUSTMENTS,
    CARE_OVER,
    care_adjustments,
    care_over,
)
from locality.measure.changes import CHANGES, changes, changes_table, first_counted
from locality.measure.compare import Standing, sentence, standing
from locality.measure.feedback import PICTURES, Account, Held, certain, feedback, moved, told
from locality.measure.funnel import funnel, in_order
from locality.measure.gate import ENOUGH, enough, why_not
from locality.measure.inequality import Unequal, inequality
from locality.measure.judged import COMPARED, judged
from locality.measure.models import Model
from locality.measure.opportunity import opportunity
from locality.measure.peers import (
    Likeness,
    Profiles,
    alike,
    drivers_table,
    nearest,
    peers_table,
)
from locality.measure.rebasing import proposal
from locality.measure.release import released, withheld
from locality.measure.schemas import CATALOGUE, FIGURES
from locality.measure.series import Counted, control_chart
from locality.measure.standings import standings
from locality.measure.tables import catalogue, figures, over, trend
from locality.measure.terms import State, Terms
from locality.measure.values import Values, values, values_table
from locality.measure.waits import combined, joined, waits, waits_over, waits_trend
from locality.measure.waits_tables import WAITS, WAITS_OVER, WAITS_TREND
from locality.measure.working import figure, reference

__all__ = [
    "ADJUSTED_FOR",
    "AREAS",
    "BUNCHING",
    "CARE_ADJUSTMENTS",
    "CARE_OVER",
    "CATALOGUE",
    "CHANGES",
    "COMPARED",
    "ENOUGH",
    "FIGURES",
    "OF_MANY",
    "OF_ONE",
    "PICTURES",
    "WAITS",
    "WAITS_OVER",
    "WAITS_TREND",
    "Accepted",
    "Account",
    "Counted",
    "Held",
    "Likeness",
    "Model",
    "Profiles",
    "Standing",
    "State",
    "Terms",
    "Threshold",
    "Unequal",
    "Values",
    "alerts",
    "alike",
    "bunching",
    "cards",
    "care_adjustments",
    "care_over",
    "catalogue",
    "certain",
    "changes",
    "changes_table",
    "combined",
    "control_chart",
    "drivers_table",
    "enough",
    "feedback",
    "figure",
    "figures",
    "first_counted",
    "funnel",
    "in_order",
    "inequality",
    "joined",
    "judged",
    "moved",
    "nearest",
    "opportunity",
    "over",
    "peers_table",
    "proposal",
    "qof",
    "reference",
    "released",
    "sentence",
    "standing",
    "standings",
    "told",
    "trend",
    "upper_threshold",
    "values",
    "values_table",
    "waits",
    "waits_over",
    "waits_trend",
    "why_not",
    "withheld",
]
