"""The lake: what was published, kept as it came, and versions of tables made from it.

* :class:`Lake`: the folder; takes documents in, builds versions, names the current one.
* :class:`Version`: an immutable set of Parquet tables, read by DuckDB.
* :class:`Draft`: a version in the making, given to whoever builds it.
* :class:`Matrix`: one measure's counts, organisations by periods.
* :func:`compile_measure`: a measure's definition as SQL; :func:`sql_text` prints any SQL here.
"""

from locality.store.disk import Disk, LakeBusy, LakeError
from locality.store.drafts import Draft, Written
from locality.store.lake import Lake
from locality.store.matrices import Matrix
from locality.store.observations import as_matrix, as_observations
from locality.store.queries import compile_measure, query_text, recount, sql_names, sql_text
from locality.store.reports import IngestReport, Outcome
from locality.store.versions import Version

__all__ = [
    "Disk",
    "Draft",
    "IngestReport",
    "Lake",
    "LakeBusy",
    "LakeError",
    "Matrix",
    "Outcome",
    "Version",
    "Written",
    "as_matrix",
    "as_observations",
    "compile_measure",
    "query_text",
    "recount",
    "sql_names",
    "sql_text",
]
