import pickle

import numpy as np
import pytest

from cislens.data import columns, dataset
from cislens.errors import UserError
from cislens.sequence.alphabet import DNA, RNA


@pytest.fixture(params=[1000, 60], ids=["one chunk", "many chunks"])
def chunk_bytes(request, monkeypatch):
    monkeypatch.setattr(columns, "CHUNK_BYTES", request.param)


@pytest.mark.usefixtures("chunk_bytes")
def test_what_goes_in_comes_out(written):
    path, rows = written(n=50, length=12)
    stored = dataset.open(path)
    assert len(stored) == 50
    assert (stored.length, stored.alphabet, stored.tasks) == (12, DNA, ("a", "b"))
    assert (stored.target_kind, stored.provenance) == ("continuous", {"by": "us"})
    np.testing.assert_array_equal(stored.view()[:], rows["codes"])
    np.testing.assert_array_equal(stored.targets, rows["targets"])
    np.testing.assert_array_equal(stored.split, rows["split"])
    np.testing.assert_array_equal(stored.ids, rows["ids"])
    assert stored.intervals["chrom"].tolist() == rows["chrom"]
    assert stored.intervals["start"].tolist() == rows["start"].tolist()
    assert stored.intervals["end"].tolist() == (rows["start"] + 12).tolist()
    assert set(stored.intervals["strand"]) == {"+"}
    assert stored.placements is None


@pytest.mark.usefixtures("chunk_bytes")
@pytest.mark.parametrize("split", [None, "train", "validation", "test"])
def test_view_reads_like_an_array_in_memory(written, rng, split):
    path, rows = written(n=50)
    view = dataset.open(path).view(split)
    kept = np.arange(50) if split is None else np.flatnonzero(rows["split"] == split)
    codes, targets = rows["codes"][kept], rows["targets"][kept]
    assert len(view) == len(kept)
    np.testing.assert_array_equal(view.indices, kept)
    np.testing.assert_array_equal(view.targets, targets)
    np.testing.assert_array_equal(view.ids, rows["ids"][kept])
    for item in [slice(None), slice(2, 5), slice(-3, None), slice(None, None, -2), slice(3, 3)]:
        np.testing.assert_array_equal(view[item], codes[item])
        np.testing.assert_array_equal(view.read_targets(item), targets[item])
    shuffled = rng.permutation(len(kept))
    with_repeats = rng.integers(-len(kept), len(kept), 40)
    for item in [shuffled, shuffled[:3], with_repeats, np.array([], np.int64)]:
        np.testing.assert_array_equal(view[item], codes[item])
        np.testing.assert_array_equal(view.read_targets(item), targets[item])


def test_view_beyond_its_end_is_an_error(written):
    view = dataset.open(written(n=5)[0]).view()
    with pytest.raises(IndexError):
        view[np.array([5])]


def test_view_is_not_read_one_by_one(written):
    with pytest.raises(TypeError, match="slices"):
        list(dataset.open(written(n=5)[0]).view())


def test_unknown_split(written):
    with pytest.raises(UserError, match=r"split='dev': known are train, validation, test"):
        dataset.open(written(n=5)[0]).view("dev")


def test_pickled_view_reads_on_without_carrying_rows(written):
    path, rows = written(n=2000, length=500)
    view = dataset.open(path).view()
    view[:]
    pickled = pickle.dumps(view)
    assert len(pickled) < 200_000
    np.testing.assert_array_equal(pickle.loads(pickled)[:9], rows["codes"][:9])


def test_alphabet_is_kept(tmp_path):
    with dataset.create(
        tmp_path / "rna.zarr",
        length=2,
        alphabet=RNA,
        tasks=("a",),
        target_kind="binary",
        provenance={},
    ) as writer:
        writer.append(np.zeros((1, 2), np.uint8), [[1]], ids=["x"])
    stored = dataset.open(tmp_path / "rna.zarr")
    assert stored.alphabet == RNA
    assert stored.intervals is None
    assert stored.split.tolist() == ["train"]
