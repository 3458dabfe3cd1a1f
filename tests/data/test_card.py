import json

import numpy as np
import pytest

from cislens.data import card, dataset
from cislens.sequence.alphabet import DNA


@pytest.mark.parametrize("block", [3, 4096])
def test_summary_equals_the_count_in_memory(written, monkeypatch, block):
    monkeypatch.setattr(card, "BLOCK", block)
    path, rows = written(n=50, kind="binary")
    found = card.summary(dataset.open(path))
    codes = rows["codes"]
    assert found["name"] == "small"
    assert (found["sequences"], found["length"], found["alphabet"]) == (50, 12, "DNA")
    assert (found["target_kind"], found["tasks"]) == ("binary", ["a", "b"])
    assert found["source"] == {"by": "us"}
    assert found["n_fraction"] == pytest.approx((codes == 4).mean())
    assert found["gc"] == pytest.approx(np.isin(codes, [1, 2]).sum() / (codes < 4).sum())
    for split, count in found["splits"].items():
        mine = rows["split"] == split
        assert count == mine.sum()
        for number, task in enumerate("ab"):
            wanted = np.nanmean(rows["targets"][mine, number])
            assert found["prevalence"][task][split] == pytest.approx(wanted)
    json.dumps(found, allow_nan=False)


def test_undefined_shares_are_none(tmp_path):
    with dataset.create(
        tmp_path / "n.zarr",
        length=3,
        alphabet=DNA,
        tasks=("a",),
        target_kind="continuous",
        provenance={},
    ) as writer:
        writer.append(np.full((2, 3), 4, np.uint8), [[np.nan], [np.nan]], ids=["x", "y"])
    found = card.summary(dataset.open(tmp_path / "n.zarr"))
    assert found["gc"] is None
    assert found["n_fraction"] == 1
    assert found["prevalence"] == {"a": {"train": None, "validation": None, "test": None}}
