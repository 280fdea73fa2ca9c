"""Arrow as this room uses it: columns of text, whose type is only known once they are read.

The type stubs of Arrow tell apart every kind of scalar and cell, and know few of the calls made
here; so its compute functions and arrays are taken as untyped, in this one place.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import pyarrow.compute

#: One column: an Arrow array of any type.
Array: TypeAlias = Any

#: Arrow's compute functions.
pc: Any = pyarrow.compute
