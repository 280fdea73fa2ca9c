"""Facts about the field as dated data, and the typed loader that reads them.

* :func:`load`: everything known, with the user's own ``HOME/knowledge/`` laid over it.
* ``publications/``: what is read, who publishes it, how it is known.
* ``measures/``: definitions, with who answers for them and cases that prove them.
* ``rules/``: dated values and scheme-year sheets; what is not known is an error that says so.
* ``coverage.toml`` and ``glossary.toml``: what is covered, and the field's words.
"""

from locality.knowledge.cases import check, counts, derived_counts, value
from locality.knowledge.coverage import Covered, coverage_page
from locality.knowledge.glossary import Term, glossary_page
from locality.knowledge.loading import Knowledge, load
from locality.knowledge.measure import Measure
from locality.knowledge.measure_parts import Case, Input, Rows
from locality.knowledge.measures_language import Expression, Names
from locality.knowledge.problems import KnowledgeError, RuleMissing
from locality.knowledge.publication import Publication
from locality.knowledge.rulebook import Rules
from locality.knowledge.scalars import GRADES, RuleValue
from locality.knowledge.sheets import Indicator, Sheet

__all__ = [
    "GRADES",
    "Case",
    "Covered",
    "Expression",
    "Indicator",
    "Input",
    "Knowledge",
    "KnowledgeError",
    "Measure",
    "Names",
    "Publication",
    "Rows",
    "RuleMissing",
    "RuleValue",
    "Rules",
    "Sheet",
    "Term",
    "check",
    "counts",
    "coverage_page",
    "derived_counts",
    "glossary_page",
    "load",
    "value",
]
