"""A picture: one chart, the table behind it, one sentence, and words for who cannot see it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from locality.figures import Table
from locality.render.pictures.dots import merged_dots
from locality.render.pictures.theme import VEGA_LITE

_NOT_XML = re.compile(r"[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
#: How every picture takes the width it is given, whatever its axes need.
AUTOSIZE = {"type": "fit-x", "contains": "padding"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with what must stand beside it.

    ``spec`` is a Vega-Lite specification that holds its own data and fetches nothing; ``table``
    is the table it was drawn from, row for row; ``sentence`` says in one plain sentence what the
    chart shows; ``alt`` describes it for who cannot see it and ends with that sentence.
    """

    id: str
    title: str
    spec: dict[str, Any]
    table: Table
    sentence: str
    alt: str

    def json(self) -> bytes:
        """Return the specification as compact UTF-8 JSON, for the browser to draw."""
        text = json.dumps(self.spec, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()

    def svg(self, width: int = 640) -> str:
        """Return the drawing as SVG text, ``width`` pixels wide, for print and without scripts.

        Letters keep their size at every width, so ask for 300 for a narrow page and not for a
        wide drawing shrunk.
        """
        import vl_convert

        drawn: str = vl_convert.vegalite_to_svg(
            {**lettered(self.spec), "width": width}, vl_version=VEGA_LITE, allowed_base_urls=[]
        )
        return merged_dots(drawn)


def lettered(node: Any) -> Any:
    """Return a deep copy of ``node`` whose texts hold letters of XML alone.

    The drawing program ends the whole process where a text has any other.
    """
    if isinstance(node, str):
        return _NOT_XML.sub("", node)
    if isinstance(node, list):
        return [lettered(item) for item in node]
    if isinstance(node, dict):
        return {key: lettered(value) for key, value in node.items()}
    return node


def filled(template: Any, words: Mapping[str, Any]) -> Any:
    """Return a deep copy of ``template`` in which each text ``"{name}"`` is ``words["name"]``.

    Only a text that is a placeholder from end to end is replaced, so that braces in a practice's
    name do no harm; in a list, a placeholder for a list gives way to that list's members. Raises
    KeyError for a placeholder that ``words`` does not know.
    """
    if isinstance(template, dict):
        return {key: filled(value, words) for key, value in template.items()}
    if isinstance(template, list):
        out: list[Any] = []
        for item in template:
            value = filled(item, words)
            if isinstance(item, str) and isinstance(value, list):
                out.extend(value)
            else:
                out.append(value)
        return out
    if isinstance(template, str) and template.startswith("{") and template.endswith("}"):
        return words[template[1:-1]]
    return template
