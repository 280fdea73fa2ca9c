"""The tables that money received comes in."""

from __future__ import annotations

from locality.figures import Column, Schema

PAYMENT_SUMS = Schema(
    "payment_sums",
    "Payments of a set of practices added up, by year and line",
    (
        Column("period", "text", "financial year"),
        Column("line", "text", "kind of payment: locality.knowledge.payment_lines"),
        Column("line_group", "text", "group of the line"),
        Column("amount", "number", "to all the practices, to the penny", "£"),
        Column("listed_amount", "number", "to those with registered patients", "£"),
        Column("paid", "whole", "practices whose amount is not zero", "practices"),
        Column("not_given", "whole", "practices without an amount", "practices"),
        Column("practices", "whole", "practices in the file that year", "practices"),
        Column("no_list", "whole", "of these, without registered patients", "practices"),
        Column("registered", "number", "registered patients in that file", "patients"),
        Column("weighted", "number", "patients weighted for payment", "patients"),
    ),
    ("period", "line"),
)

MONEY = Schema(
    "money",
    "Payments received, by line and group, beside the board's and England's",
    (
        Column("period", "text", "financial year"),
        Column("level", "text", "line, group or total"),
        Column("line_group", "text", "group, or empty for a total"),
        Column("line", "text", "line, or name of a total; empty for a group"),
        Column("title", "text", "what it is, in words"),
        Column("counted_in", "text", "practice, networks, covid, deductions; empty for a total"),
        Column("amount", "number", "pounds received in the year; below zero is taken back or off",
               "£"),
        Column("per_registered", "number", "for each registered patient", "£ per patient",
               required=False),
        Column("per_weighted", "number", "for each patient weighted for payment",
               "£ per weighted patient", required=False),
        Column("icb_per_registered", "number", "the same over the board's practices",
               "£ per patient", required=False),
        Column("icb_per_weighted", "number", "the same over the board's practices",
               "£ per weighted patient", required=False),
        Column("england_per_registered", "number", "the same over England's practices",
               "£ per patient", required=False),
        Column("england_per_weighted", "number", "the same over England's practices",
               "£ per weighted patient", required=False),
        Column("missing", "text", "why there is no figure for each patient", required=False),
        Column("note", "text", "what to mind about this line", required=False),
    ),
    ("period", "level", "line_group", "line"),
)  # fmt: skip

MONEY_TREND = Schema(
    "money_trend",
    "Payments received over the years, by group",
    (
        Column("period", "text", "financial year"),
        Column("line_group", "text", "group, or empty for the total"),
        Column("title", "text", "what it is, in words"),
        Column("counted_in", "text", "practice, networks, covid, deductions; empty for the total"),
        Column("amount", "number", "pounds received in the year", "£"),
        Column("per_registered", "number", "for each registered patient", "£ per patient",
               required=False),
        Column("per_weighted", "number", "for each patient weighted for payment",
               "£ per weighted patient", required=False),
        Column("practices", "whole", "practices in the file that year", "practices"),
        Column("registered", "number", "registered patients in that file", "patients"),
        Column("missing", "text", "why there is no figure for each patient", required=False),
    ),
    ("period", "line_group"),
)  # fmt: skip
