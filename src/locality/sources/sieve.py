"""Which rows of a sheet are kept, and what is said about those that are not."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from locality.sources.arrow import Array, pc
from locality.sources.cells import PRACTICE_CODE, matches
from locality.sources.reading import Refused, SetAside
from locality.sources.rows import Sheet


class Sieve:
    """Rows still kept, and the reasons of those dropped; each row is dropped for one reason.

    ``label`` is a column of codes; the example of a reason names the line, and the code where
    it is a practice's.
    """

    def __init__(self, sheet: Sheet, label: Array) -> None:
        self.sheet = sheet
        self.label = label
        self.keep = np.ones(len(label), dtype=bool)
        self.impossible = 0
        self._aside: list[SetAside] = []
        self._expected: set[str] = set()
        if not len(label):
            if sheet.strays:
                raise Refused(
                    f"No row has as many cells as the header ({len(sheet.header)}); line "
                    f"{sheet.strays[0].line:,} has {len(sheet.strays[0].cells)}. Check the commas, "
                    "and put names that hold a comma into quotation marks."
                )
            raise Refused("The file has a header and no rows under it. Download it again.")

    def drop(self, where: np.ndarray, reason: str, *, expected: bool = False) -> None:
        """Set the rows ``where`` aside. ``expected`` rows belong in the file and are not wrong."""
        where = np.asarray(where) & self.keep
        rows = int(where.sum())
        if not rows:
            return
        self.keep &= ~where
        if expected:
            self._expected.add(reason)
        else:
            self.impossible += rows
        self._aside.append(SetAside(reason, rows, self.example(int(np.argmax(where)))))

    def example(self, row: int) -> str:
        """Return where a row stands: its line, and its practice where it has one."""
        line = f"line {self.sheet.line_of(row):,}"
        code = self.label[row].as_py() or ""
        return f"{line} ({code})" if re.match(PRACTICE_CODE, code) else line

    def drop_unknown_practices(self) -> None:
        """Set aside the rows whose code is not one letter and five digits."""
        networks = matches(self.label, r"^U\d{5}$")
        self.drop(networks, "The code is that of a primary care network, not of a practice.")
        self.drop(
            ~matches(self.label, PRACTICE_CODE),
            "The practice code is not one letter and five digits.",
        )

    def drop_repeats(self, keys: list[Array], values: list[Array], what: str) -> None:
        """Set aside repeats of a key: of equal rows all but one, of rows that differ all."""
        table = pa.table({f"k{i}": key.filter(pa.array(self.keep)) for i, key in enumerate(keys)})
        names = table.column_names
        if table.group_by(names).aggregate([]).num_rows == table.num_rows:
            return
        rows = np.flatnonzero(self.keep)
        whole = table.append_column("row", pa.array(rows))
        for i, value in enumerate(values):
            whole = whole.append_column(
                f"v{i}", pc.fill_null(value.take(pa.array(rows)).cast(pa.string()), "")
            )
        firsts = whole.group_by(names).aggregate(
            [("row", "min"), *((f"v{i}", "count_distinct") for i in range(len(values)))]
        )
        differ = np.zeros(firsts.num_rows, dtype=bool)
        for i in range(len(values)):
            differ |= np.asarray(firsts.column(f"v{i}_count_distinct")) > 1
        first = np.asarray(firsts.column("row_min"))
        later = self.keep.copy()
        later[first] = False
        if differ.any():
            doubtful = firsts.filter(pa.array(differ)).select(names)
            doubtful = whole.join(doubtful, names, join_type="left semi")
            where = np.zeros(len(self.keep), dtype=bool)
            where[np.asarray(doubtful.column("row"))] = True
            self.drop(where, f"There are rows that disagree for the same {what}; none is used.")
        self.drop(later, f"The row repeats an earlier one for the same {what}.")

    def kept(self, column: Array) -> Array:
        """Return the cells of the rows that are kept."""
        return column.filter(pa.array(self.keep))

    def verdict(self, what: str) -> tuple[SetAside, ...]:
        """Return what was set aside; Refused where most rows are wrong or none is left.

        ``what`` is the publication in words, for the sentence.
        """
        strays = self.sheet.strays
        aside = list(self._aside)
        if strays:
            width = len(self.sheet.header)
            aside.append(
                SetAside(
                    f"The row has more or fewer cells than the header has ({width}).",
                    len(strays),
                    f"line {strays[0].line:,}",
                )
            )
        rows = len(self.keep) + len(strays)
        wrong = self.impossible + len(strays)
        if not self.keep.any() or 2 * wrong > rows:
            # What belongs in the file is no explanation, unless there is no other.
            strange = [one for one in aside if one.reason not in self._expected]
            worst = max(strange or aside, key=lambda a: a.rows)
            raise Refused(
                f"The columns are those of {what}, but {wrong or rows - int(self.keep.sum()):,} "
                f"of its {rows:,} rows cannot be used. Most often: {worst.reason} "
                f"(first at {worst.example}) Check that this is the file you meant."
            )
        return tuple(aside)
