"""How patients reach the practice: online, by telephone, by appointment, and what they say."""

from __future__ import annotations

from locality.figures.table import Column, Schema

_MONTH = Column("period", "text", "calendar month")
_PRACTICE = Column("practice_code", "text", "ODS code of the practice")
_MISSING = Column(
    "missing", "text", "why a number is empty: locality.figures.Missing", required=False
)

ONLINE_CONSULTATIONS = Schema(
    "online_consultations",
    "Submissions through online consultation systems",
    (
        _MONTH,
        _PRACTICE,
        Column("list_size", "whole", "registered patients in that month", "patients", False),
        Column("submissions", "whole", "submissions received", "submissions", False),
        Column("clinical", "whole", "of them clinical", "submissions", False),
        Column("administrative", "whole", "of them administrative", "submissions", False),
        Column("other", "whole", "of them of another or unknown kind", "submissions", False),
        Column(
            "participates",
            "flag",
            "takes part in the collection; empty where the file does not say",
            required=False,
        ),
        Column("supplier", "text", "suppliers of its systems, as published", required=False),
        _MISSING,
    ),
    ("period", "practice_code"),
)

TELEPHONY = Schema(
    "telephony",
    "Telephone calls to the practice and how they ended",
    (
        _MONTH,
        _PRACTICE,
        Column("inbound", "whole", "calls that came in", "calls", False),
        Column("answered", "whole", "answered", "calls", False),
        Column("ended_in_menu", "whole", "ended among recorded options (IVR)", "calls", False),
        Column("callback_requested", "whole", "asked to be called back", "calls", False),
        Column("missed", "whole", "ended in the queue unanswered, or voicemail", "calls", False),
        Column("callback_made", "whole", "call-backs made", "calls", False),
        _MISSING,
    ),
    ("period", "practice_code"),
)

TELEPHONY_WAITS = Schema(
    "telephony_waits",
    "How long callers waited, and how long answered calls took",
    (
        _MONTH,
        _PRACTICE,
        Column("kind", "text", "wait_answered, wait_missed or length_answered"),
        Column("band", "text", "under_1, 1_to_2, 2_to_5 or over_5 minutes"),
        Column("calls", "whole", "calls in that band", "calls", False),
        _MISSING,
    ),
    ("period", "practice_code", "kind", "band"),
)

SURVEY_ANSWERS = Schema(
    "survey_answers",
    "What patients say: GP Patient Survey, weighted",
    (
        Column("period", "text", "year of the survey"),
        _PRACTICE,
        Column("question", "text", "the survey's name of the question, such as overallexp"),
        Column("answer", "text", "positive, or the number of the option chosen"),
        Column("percent", "number", "weighted share of those asked who answer so", "%", False),
        Column("base", "whole", "people whose answers count, unweighted", "people", False),
        Column("weighted_base", "number", "the same, weighted", "people", False),
        Column("lower", "number", "lower end of the published 95% interval", "%", False),
        Column("upper", "number", "upper end of the published 95% interval", "%", False),
        _MISSING,
    ),
    ("period", "practice_code", "question", "answer"),
)

APPOINTMENTS = Schema(
    "appointments",
    "Appointments in general practice, by kind, wait and outcome",
    (
        _MONTH,
        _PRACTICE,
        Column("hcp_type", "text", "who the appointment was with, as published: GP or others"),
        Column("mode", "text", "face to face, telephone and so on, as published"),
        Column("category", "text", "national category, as published"),
        Column("wait", "text", "time from booking to appointment, such as Same Day"),
        Column("status", "text", "Attended, DNA (did not attend) or Unknown"),
        Column("appointments", "whole", "appointments; an absent row is zero", "appointments"),
    ),
    ("period", "practice_code", "hcp_type", "mode", "category", "wait", "status"),
)

TABLES: tuple[Schema, ...] = (
    ONLINE_CONSULTATIONS,
    TELEPHONY,
    TELEPHONY_WAITS,
    SURVEY_ANSWERS,
    APPOINTMENTS,
)
