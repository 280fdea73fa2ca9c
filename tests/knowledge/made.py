"""A home with knowledge of its own, made of small true files."""

from pathlib import Path

MEASURE = """
id = "local.reviews"
kind = "published"
title = "Reviews done"
topic = "Local work"
why = "A made-up measure of a made-up locality, for the tests of the loader."
unit = "%"
polarity = "higher_is_better"
valid = { from = 2026-04-01 }

[[references]]
text = "The locality's own note"

[source]
dataset = "qof_in_year"
where = "indicator_code == 'HYP010' and register >= 10"
period = "day"

[measure]
numerator = "numerator"
numerator_words = "patients who were reviewed"
denominator = "denominator"
denominator_words = "patients due for a review"

[measure.views]
share = "100 * num / den"

[governance]
authored_by = "lead analyst"
checked_by = "GP lead"
next_review = 2027-06-30
status = "live"
change_log = [{ on = 2026-11-01, what = "First written for the tests.", by = "lead analyst" }]

[[case]]
words = "half"
given = { num = 5, den = 10 }
expect = { share = 50.0 }

[[case]]
words = "small registers are left out"
rows = [
  { indicator_code = "HYP010", register = 10, numerator = 1, denominator = 4 },
  { indicator_code = "HYP010", register = 9, numerator = 4, denominator = 4 },
  { indicator_code = "HYP010", numerator = 4, denominator = 4 },
]
expect = { num = 1, den = 4, share = 25.0 }

[[case]]
words = "nobody due"
given = { num = 0, den = 0 }
expect = { share = "nobody to count" }
"""

PUBLICATION = """
id = "local_counts"
title = "Counts of a locality"
publisher = "The locality"
licence = "The locality's own"
attribution = "Supplied by the locality."
file_names = ["*.csv"]
identified_by = ["A header of its own."]
tables = ["places"]
period_kind = "day"
local = true
corrects = "rows"

[[references]]
text = "The locality's own note"
"""

RULES = """
[references]
own = { text = "The directions, as read by our accountant" }

[[rule]]
id = "local.rate"
title = "A rate of our own"
unit = "£ per patient"
value = [
  { from = 2025-04-01, to = 2026-03-31, value = 1.10, reference = "own", grade = "read" },
  { from = 2026-04-01, value = 1.25, reference = "own", grade = "read" },
]
"""

HEAD = """
scheme = "local"
period = "2026-27"
title = "Local scheme 2026/27"
as_at = "April 2026"

[document]
text = "The local scheme's specification"

[references.spec]
text = "The local scheme's specification"

[[missing]]
columns = ["prevalence_weighted"]
what = "The scheme does not weight by prevalence."
where = "the specification"
"""

SHEET = """code,group,domain,title,kind,points,lower,upper,points_at_lower,status,grade,reference
LOC001,LOC,Local,Reviews of frail patients,fraction,10,40,80,0,live,read,spec
LOC002,LOC,Local,Keeping a list of carers,register,5,,,,live,read,spec
"""

GLOSSARY = """
[[term]]
term = "hub"
means = "The building where the locality's shared staff work."
see = ["PCN"]
"""

COVERAGE = """
[[covered]]
id = "local_scheme"
kind = "sheet"
about = "local/2026-27"
title = "Our own scheme"
period = "2026-27"
state = "complete"
sentence = "As our own specification has it."
"""

FILES = {
    "measures/reviews.toml": MEASURE,
    "publications/local_counts.toml": PUBLICATION,
    "rules/own.toml": RULES,
    "rules/local/2026-27.toml": HEAD,
    "rules/local/2026-27.csv": SHEET,
    "glossary.toml": GLOSSARY,
    "coverage.toml": COVERAGE,
}


def home(folder: Path, **changed: str) -> Path:
    """Write the files under ``folder/knowledge``; ``changed`` maps a path to other text."""
    for name, text in (FILES | changed).items():
        path = folder / "knowledge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
