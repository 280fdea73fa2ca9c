"""How pictures mark organisations: colours, shapes, what a mark says when asked, and the key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from locality.render.pictures import theme
from locality.render.pictures.picture import AUTOSIZE
from locality.render.pictures.wording import kind_words

#: From the back to the front: everyone else, those around it, its own organisation.
GROUPS = ("others", "near", "own")
COLOURS = {"others": theme.OTHERS, "near": theme.NEAR, "own": theme.OWN}
SHAPES = {"others": theme.OTHERS_SHAPE, "near": theme.NEAR_SHAPE, "own": theme.OWN_SHAPE}

# What stands in a key for a line or a hollow mark; one unit is half the mark.
_BAR = "M{0},-.15L{1},-.15L{1},.15L{0},.15Z"
SOLID = _BAR.format(-1.3, 1.3)
DASHED = _BAR.format(-1.3, -0.2) + _BAR.format(0.2, 1.3)
DOTTED = _BAR.format(-1.3, -0.9) + _BAR.format(-0.2, 0.2) + _BAR.format(0.9, 1.3)
BAND = "M-1.3,-.6L1.3,-.6L1.3,.6L-1.3,.6Z"
#: A short upright line.
TICK = "M-.12,-1L.12,-1L.12,1L-.12,1Z"
HOLLOW = "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0ZM.7,0A.7,.7,0,1,0,-.7,0A.7,.7,0,1,0,.7,0Z"


class Mark(NamedTuple):
    """One line of a key: its words, colour and shape (a name or a path)."""

    name: str
    colour: str
    shape: str


def hollow(why: str) -> Mark:
    """Return the key's line for hollow marks."""
    return Mark(f"Hollow: {why}", theme.OTHERS, HOLLOW)


def group_marks(there: Collection[str], kind: str, own_name: str, near_name: str) -> list[Mark]:
    """Return the key's lines for the groups that are ``there``: own, near, others."""
    many = f"{kind_words(kind)}s"
    some = f"{many[:1].upper()}{many[1:]}"
    names = {
        "own": own_name,
        "near": f"{some} in {near_name}" if near_name else f"{some} around it",
        "others": f"Other {many}" if len(set(there)) > 1 else some,
    }
    return [
        Mark(name, COLOURS[group], SHAPES[group]) for group, name in names.items() if group in there
    ]


def keyed(marks: Iterable[Mark]) -> dict[str, list[Any]]:
    """Return the words that fill :func:`key`, long names broken into lines."""
    # A key without a line would be endlessly high.
    there = list(marks) or [Mark("Nothing to show", theme.OTHERS, HOLLOW)]
    return {
        "names": ["\n".join(theme.wrapped(mark.name, 36)) for mark in there],
        "colours": [mark.colour for mark in there],
        "shapes": [mark.shape for mark in there],
    }


def key() -> Any:
    """Return a layer that draws nothing but the key, in one column where the page is narrow."""
    import altair as alt

    legend = alt.Legend(columns=alt.ExprRef("width > 480 ? 2 : 1"))
    domain = ["{names}"]
    return (
        alt.Chart(alt.NamedData("key"))
        .mark_point(filled=True, opacity=1)
        .encode(
            color=alt.Color(
                "k:N", sort=None, scale=alt.Scale(domain=domain, range=["{colours}"]), legend=legend
            ),
            shape=alt.Shape(
                "k:N", sort=None, scale=alt.Scale(domain=domain, range=["{shapes}"]), legend=legend
            ),
        )
    )


def interval_words(number_format: str) -> str:
    """Return the expression that puts a mark's interval (``l`` to ``u``) in words."""
    return (
        f"datum.l === null ? 'not given' : format(datum.l, '{number_format}') + ' to ' + "
        f"format(datum.u, '{number_format}')"
    )


def told(number_format: str, *more: Any, who: str = "w", kind: str = "Organisation") -> list[Any]:
    """Return what a mark says when asked: who it is, its code, its value, and ``more``."""
    import altair as alt

    return [
        alt.Tooltip(f"{who}:N", title=kind),
        alt.Tooltip("c:N", title="Code"),
        alt.Tooltip("y:Q", title="{unit}", format=number_format),
        *more,
    ]


def named(data: str, said: str, columns: Sequence[str] = ()) -> Any:
    """Return a chart over ``data`` with a name or else a code ``w``, and ``said`` as ``i``.

    With ``columns``, the data are one row of lists, which travels lighter.
    """
    import altair as alt

    chart = alt.Chart(alt.NamedData(data))
    if columns:
        chart = chart.transform_flatten(list(columns))
    return chart.transform_calculate(w="datum.n ? datum.n : datum.c", i=said)


def whole(layers: Any, height: int | None = None) -> dict[str, Any]:
    """Return the specification of ``layers``, as wide as its place; one of thousands has a height.

    Seven thousand shapes are quicker on a canvas than as elements of the page.
    """
    many: dict[str, Any] = {}
    if height is not None:
        many = {"height": height, "usermeta": {"embedOptions": {"renderer": "canvas"}}}
    drawn = layers.properties(title=["{y}"], width="container", autosize=AUTOSIZE, **many)
    spec: dict[str, Any] = drawn.configure(**theme.config()).to_dict()
    return spec
