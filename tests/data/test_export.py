import h5py
import numpy as np
import pytest

from cislens.data import build, dataset, export, fasta, splits, table
from cislens.errors import UserError

ENDINGS = {"hdf5": "x.h5", "npz": "x.npz", "fasta": "x.fa", "table": "x.tsv"}


@pytest.fixture(params=[3, 4096], autouse=True, ids=["many blocks", "one block"])
def _blocks(request, monkeypatch):
    monkeypatch.setattr(export, "BLOCK", request.param)


def by_split(stored):
    """Rows in the order of a bundle: train, validation, test."""
    return np.concatenate([stored.view(split).indices for split in splits.SPLITS])


@pytest.mark.parametrize("tasks", [("a", "b"), ("a",)])
@pytest.mark.parametrize("kind", ["hdf5", "npz"])
def test_bundle_comes_back(tmp_path, written, kind, tasks):
    stored = dataset.open(written(n=30, tasks=tasks)[0])
    path = tmp_path / ENDINGS[kind]
    export.FORMATS[kind](stored, path)
    build.from_bundle(path, tmp_path / "back.zarr")
    back, order = dataset.open(tmp_path / "back.zarr"), by_split(stored)
    assert (back.tasks, back.target_kind) == (stored.tasks, stored.target_kind)
    np.testing.assert_array_equal(back.view()[:], stored.view()[order])
    np.testing.assert_array_equal(back.targets, stored.targets[order])
    np.testing.assert_array_equal(back.split, stored.split[order])
    np.testing.assert_array_equal(back.ids, stored.ids[order])


def test_table_comes_back(tmp_path, written):
    stored = dataset.open(written(n=30)[0])
    export.to_table(stored, tmp_path / "x.tsv")
    columns = table.Columns(
        targets=["a", "b"], id="id", chrom="chrom", start="start", end="end", strand="strand"
    )
    build.from_table(
        tmp_path / "x.tsv", tmp_path / "back.zarr", columns=columns, split=splits.ByColumn("split")
    )
    back = dataset.open(tmp_path / "back.zarr")
    np.testing.assert_array_equal(back.view()[:], stored.view()[:])
    np.testing.assert_array_equal(back.targets, stored.targets)
    np.testing.assert_array_equal(back.split, stored.split)
    np.testing.assert_array_equal(back.ids, stored.ids)
    assert back.intervals.equals(stored.intervals)


@pytest.mark.parametrize("name", ["x.fa", "x.fa.gz"])
def test_fasta_and_its_table_hold_everything(tmp_path, written, name):
    stored = dataset.open(written(n=30)[0])
    export.to_fasta(stored, tmp_path / name)
    records = list(fasta.records(tmp_path / name))
    lines = [line.split("\t") for line in (tmp_path / "x.tsv").read_text().splitlines()]
    assert lines[0] == ["id", "split", "chrom", "start", "end", "strand", "a", "b"]
    assert [record.description for record in records] == stored.ids.tolist()
    assert [line[0] for line in lines[1:]] == stored.ids.tolist()
    assert [line[1] for line in lines[1:]] == stored.split.tolist()
    codes = [stored.alphabet.encode(record.sequence) for record in records]
    np.testing.assert_array_equal(codes, stored.view()[:])
    values = [[float(v.replace("NA", "nan")) for v in line[6:]] for line in lines[1:]]
    np.testing.assert_array_equal(np.array(values, np.float32), stored.targets)


def test_hdf5_is_the_layout_of_koo(tmp_path, written):
    path, rows = written(n=30)
    export.to_hdf5(dataset.open(path), tmp_path / "x.h5")
    with h5py.File(tmp_path / "x.h5") as file:
        codes = rows["codes"][rows["split"] == "validation"]
        assert file["X_valid"].shape == (len(codes), 4, 12)
        np.testing.assert_array_equal(
            file["X_valid"][:], np.stack([codes == letter for letter in range(4)], axis=1)
        )


def test_empty_splits_are_left_out(tmp_path):
    (tmp_path / "x.tsv").write_text("sequence\ta\nACGT\t1\nACGT\t0\n")
    build.from_table(
        tmp_path / "x.tsv",
        tmp_path / "x.zarr",
        columns=table.Columns(targets=["a"]),
        split=splits.ByFraction(1.0, 0.0, 0.0),
    )
    export.to_hdf5(dataset.open(tmp_path / "x.zarr"), tmp_path / "x.h5")
    with h5py.File(tmp_path / "x.h5") as file:
        assert sorted(file) == ["X_train", "Y_train", "ids_train", "target_labels"]


@pytest.mark.parametrize("kind", export.FORMATS)
def test_existing_files_are_kept(tmp_path, written, kind):
    stored = dataset.open(written(n=30)[0])
    path = tmp_path / ENDINGS[kind]
    path.write_text("mine")
    with pytest.raises(UserError, match="exists already"):
        export.FORMATS[kind](stored, path)
    assert path.read_text() == "mine"
    assert {file.name for file in tmp_path.iterdir()} == {"small.zarr", path.name}
    export.FORMATS[kind](stored, path, overwrite=True)
    assert path.read_bytes() != b"mine"


@pytest.mark.parametrize("kind", export.FORMATS)
def test_nothing_is_left_after_an_error(tmp_path, written, kind, monkeypatch):
    stored = dataset.open(written(n=30)[0])

    def fail(*_):
        raise RuntimeError("stop")

    monkeypatch.setattr(type(stored.rows["codes"]), "read", fail)
    with pytest.raises(RuntimeError, match="stop"):
        export.FORMATS[kind](stored, tmp_path / ENDINGS[kind])
    assert [path.name for path in tmp_path.iterdir()] == ["small.zarr"]
