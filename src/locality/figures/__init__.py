"""The shared nouns: what every room of the loop returns, and nothing else is rendered.

* :class:`Figure`: one number with its interval, period, sources and working.
* :class:`Statement`: lines of quantity x rate = amount, each with its rule.
* :class:`Paper`: sections of sentences, tables and statements, before they have a format.
* :class:`Table`: rows under a :class:`Schema` whose columns say what they mean.
* :class:`Working`: how a figure came about, down to file and rule.
* :class:`Period`: a financial year, quarter, month or day.
* :class:`Missing`: why there is no number; none of its members is zero.
* :class:`Problem`: what went wrong, as a sentence a person can act on.
"""

from locality.figures.day import DAY_HINT, typed_day
from locality.figures.figure import Figure
from locality.figures.missing import Cell, Missing
from locality.figures.paper import Paper, Section
from locality.figures.period import Period
from locality.figures.problem import NotFound, Problem
from locality.figures.statement import Factor, Line, Statement
from locality.figures.table import Column, Schema, Table
from locality.figures.working import RuleReference, Source, Step, Working

__all__ = [
    "DAY_HINT",
    "Cell",
    "Column",
    "Factor",
    "Figure",
    "Line",
    "Missing",
    "NotFound",
    "Paper",
    "Period",
    "Problem",
    "RuleReference",
    "Schema",
    "Section",
    "Source",
    "Statement",
    "Step",
    "Table",
    "Working",
    "typed_day",
]
