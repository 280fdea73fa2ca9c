"""The small language of measure definitions: what it allows, and how it reads.

    group_code == 'HYP'                      a comparison of a column with a text or number
    age_from >= 75 and sex in list('women')  and, or, not, in list('name')
    present(register)                        whether there is a value; missing(x) is the opposite
    100 * num / den                          + - * /
    sum(older) / sum(everyone)               sums and counts over rows, in derived measures

Equality is spelled ``==`` and ``!=``. Logic has two values: a comparison with a missing value is
false. Anything else (another function, a name that is not there, a subquery) is refused with the
file, the key, the word and the nearest one that is allowed.

Reading has two steps. The *words* of an expression are checked whenever a definition is loaded:
that is cheap. Its *grammar* is read by sqlglot when the expression is first used (a user's own
files: when they are loaded, so that a mistake is told at once).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from locality.knowledge.problems import KnowledgeError, nearest, problem

if TYPE_CHECKING:
    from sqlglot import exp

Kind = Literal["number", "text", "date", "truth"]
Value = float | str | bool | None

FUNCTIONS = ("present", "missing", "list", "sum", "count")
_KEYWORDS = ("and", "or", "not", "in")
_LONGEST = 500
_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<number>\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<word>[A-Za-z_]\w*)"
    r"|(?P<sign>==|!=|<=|>=|(?<![<>=!])[<>](?![<>=])|--|[-+*/(),])"
)
_INSTEAD = {
    "=": "write == for equality",
    "<>": "write != for 'is not'",
    "!": "write != or not",
    '"': "write texts in single quotes",
    "--": "there are no comments in an expression",
    "&": "write and",
    "|": "write or",
    "%": "there is no remainder, and percentages are written 100 * num / den",
}


@dataclass(frozen=True)
class Names:
    """What an expression may speak of.

    ``columns`` maps each name to its kind; ``lists`` names the lists in the same file.
    ``aggregates`` says whether ``sum`` and ``count`` must stand around every name (derived
    measures), or may not stand at all.
    """

    columns: Mapping[str, Kind]
    lists: Collection[str] = ()
    aggregates: bool = False


@dataclass(frozen=True)
class Expression:
    """One expression whose words are sound; ``tree`` reads its grammar.

    ``place`` and ``key`` say where it stands; ``names`` are the columns it speaks of, in order,
    and ``lists`` the lists.
    """

    text: str
    allowed: Names = field(repr=False)
    wanted: Kind = "number"
    place: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_words", _words(self))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns (or num, den, exc, or inputs) that it speaks of, in order."""
        return tuple(dict.fromkeys(word for what, word in self._tokens if what == "name"))

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the names of the lists it speaks of."""
        tokens = self._tokens
        return tuple(
            word[1:-1]
            for place, (what, word) in enumerate(tokens)
            if what == "text" and place >= 2 and tokens[place - 2] == ("function", "list")
        )

    @property
    def _tokens(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = vars(self)["_words"]
        return found

    @cached_property
    def tree(self) -> exp.Expr:
        """Return the sqlglot tree, checked node by node; KnowledgeError if it does not parse.

        ``in list('name')`` stands as ``exp.In(field=exp.List)``, ``present(x)`` and
        ``missing(x)`` as ``exp.Anonymous``: :mod:`locality.knowledge.compiling` turns them into
        SQL, :mod:`locality.knowledge.evaluation` computes them in plain Python.
        """
        from locality.knowledge.grammar import parsed

        return parsed(self)

    def evaluate(
        self, row: Mapping[str, Any], lists: Mapping[str, Collection[Any]] | None = None
    ) -> Value:
        """Return its value for ``row`` in plain Python; None is a missing value.

        For an expression with aggregates, ``row`` maps each name to a sequence of values.
        """
        from locality.knowledge.evaluation import evaluate

        return evaluate(self.tree, row, lists or {})

    def sql_tree(
        self, lists: Mapping[str, Collection[Any]] | None = None, table: str = ""
    ) -> exp.Expr:
        """Return a fresh sqlglot tree that any SQL engine can run, with two-valued logic.

        Comparisons are wrapped in ``COALESCE(..., FALSE)``, divisions guard against zero and
        are made in double precision, and lists are written out. ``table`` qualifies the columns.
        ``sum`` stays SUM, which passes over missing values: whoever runs it sees to holes.
        """
        from locality.knowledge.compiling import sql_tree

        return sql_tree(self.tree, lists or {}, table)

    def refused(self, what: str) -> KnowledgeError:
        """Return the error that says ``what`` of this expression, naming file and key."""
        shown = self.text if len(self.text) <= 80 else self.text[:77] + "..."
        return problem(self.place, self.key, f"in {shown!r}, {what}")


def _words(one: Expression) -> list[tuple[str, str]]:
    """Return the words of ``one`` as (what, word); KnowledgeError for one that is not allowed."""
    text = one.text
    if len(text) > _LONGEST:
        raise one.refused(
            f"there are {len(text)} characters; an expression has at most {_LONGEST}."
        )
    words: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or found[0] == "--":
            raise _no_sign(one, at)
        at = found.end()
        if found.lastgroup == "word":
            words.append((_what(found[0], text[at:]), found[0]))
        elif found.lastgroup != "space":
            words.append((str(found.lastgroup), found[0]))
    if not words:
        raise one.refused("there is nothing.")
    _check_names(one, words)
    return words


def _no_sign(one: Expression, at: int) -> KnowledgeError:
    for sign, instead in _INSTEAD.items():
        if one.text.startswith(sign, at) and not (sign == "=" and one.text[at : at + 2] == "=="):
            return one.refused(f"{sign!r} is not allowed: {instead}.")
    return one.refused(f"{one.text[at : at + 8]!r} is not allowed here.")


def _what(word: str, rest: str) -> str:
    if word.lower() in _KEYWORDS:
        return "keyword"
    return "function" if rest.lstrip().startswith("(") else "name"


def _check_names(one: Expression, words: list[tuple[str, str]]) -> None:
    allowed = one.allowed
    for place, (what, word) in enumerate(words):
        if what == "function" and word not in FUNCTIONS:
            raise one.refused(f"there is no function {word!r}; {nearest(word, FUNCTIONS)}")
        if what == "function" and word in ("sum", "count") and not allowed.aggregates:
            raise one.refused(f"{word}() belongs to derived measures; name the column alone.")
        if what == "keyword" and word not in _KEYWORDS:
            raise one.refused(f"write {word.lower()!r} in small letters.")
        if what == "name" and word not in allowed.columns:
            raise one.refused(f"there is no {word!r}; {nearest(word, allowed.columns)}")
        if what == "text" and place >= 2 and words[place - 2] == ("function", "list"):
            name = word[1:-1]
            if name not in allowed.lists:
                known = nearest(name, allowed.lists) or "this file has no [lists]."
                raise one.refused(f"there is no list {name!r}; {known}")
