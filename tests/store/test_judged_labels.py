"""Labels of many measures together: more different ones than eight bits can point to."""

from __future__ import annotations

import pyarrow as pa

from locality.store.drafts import _wide_indices


def test_measures_with_different_labels_can_be_kept_together() -> None:
    pieces = []
    for number in range(3):
        labels = pa.array([f"period {number}-{n}" for n in range(100)])
        indices = pa.array(range(100), pa.int8())
        coded = pa.DictionaryArray.from_arrays(indices, labels)
        pieces.append(_wide_indices(pa.table({"period": coded, "n": range(100)})))
    whole = pa.concat_tables(pieces).unify_dictionaries().combine_chunks()
    assert len(set(whole.column("period").to_pylist())) == 300
    assert whole.column("n").to_pylist()[:3] == [0, 1, 2]
