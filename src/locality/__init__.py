"""Locality: one loop over a registered population.

    know -> measure -> propose -> appraise -> decide -> contract -> learn -> know ...

``locality.open(home)`` returns the workbench: the rooms of the loop, met with the data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from locality._version import __version__

if TYPE_CHECKING:
    from locality.workbench import Workbench

__all__ = ["__version__", "open"]


def open(home: str | None = None, **words: object) -> Workbench:
    """Return the workbench over the lake in ``home`` (by default the user's data folder).

    See :func:`locality.workbench.open_workbench` for the words it takes and the errors it raises.
    """
    from locality.workbench import open_workbench

    return open_workbench(home, **words)  # type: ignore[arg-type]
