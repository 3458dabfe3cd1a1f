import h5py
import numpy as np
import pytest

from cislens.data import build, dataset, export, fasta, splits, table
from cislens.errors import UserError

ENDINGS = {"hdf5": "x.h5", "npz": "x.npz", "fasta": "x.fa", "table": "x.tsv", "bed": "x.bed"}


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
    assert back.intervals.equals(stored.intervals.iloc[order].reset_index(drop=True))


@pytest.mark.parametrize("kind", ["continuous", "binary"])
@pytest.mark.parametrize("name", ["x.tsv", "x.csv"])
def test_table_comes_back(tmp_path, written, name, kind):
    stored = dataset.open(written(n=30, kind=kind)[0])
    export.to_table(stored, tmp_path / name)
    columns = table.Columns(
        targets=["a", "b"], id="id", chrom="chrom", start="start", end="end", strand="strand"
    )
    build.from_table(
        tmp_path / name, tmp_path / "back.zarr", columns=columns, split=splits.ByColumn("split")
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


def test_binary_targets_are_written_as_whole_numbers(tmp_path, written):
    stored = dataset.open(written(n=30, kind="binary")[0])
    export.to_table(stored, tmp_path / "x.tsv")
    cells = {
        v for row in (tmp_path / "x.tsv").read_text().splitlines()[1:] for v in row.split("\t")[-2:]
    }
    assert cells == {"0", "1", "NA"}


def test_bed_is_that_of_the_intervals(tmp_path, written):
    stored = dataset.open(written(n=30)[0])
    export.to_bed(stored, tmp_path / "x.bed")
    expected = [
        f"{row.chrom}\t{row.start}\t{row.end}\t{stored.ids[row.Index]}\t0\t+"
        for row in stored.intervals.itertuples()
    ]
    assert (tmp_path / "x.bed").read_text().splitlines() == expected


def test_bed_wants_places(tmp_path):
    (tmp_path / "x.tsv").write_text("sequence\ta\nACGT\t1\nACCT\t0\n")
    columns, plan = table.Columns(targets=["a"]), splits.ByFraction(1.0, 0.0, 0.0)
    build.from_table(tmp_path / "x.tsv", tmp_path / "x.zarr", columns=columns, split=plan)
    with pytest.raises(UserError, match="no sequence has a place"):
        export.to_bed(dataset.open(tmp_path / "x.zarr"), tmp_path / "x.bed")


@pytest.mark.parametrize("kind", export.FORMATS)
def test_one_split_only(tmp_path, written, kind):
    stored = dataset.open(written(n=60)[0])
    view = stored.view("test")
    path = tmp_path / ENDINGS[kind]
    export.FORMATS[kind](stored, path, split="test")
    if kind in {"hdf5", "npz"}:
        build.from_bundle(path, tmp_path / "back.zarr")
        back = dataset.open(tmp_path / "back.zarr")
        np.testing.assert_array_equal(back.view()[:], view[:])
        assert set(back.split) == {"test"}
        assert back.ids.tolist() == view.ids.tolist()
    elif kind == "fasta":
        assert [record.description for record in fasta.records(path)] == view.ids.tolist()
    else:
        column = 3 if kind == "bed" else 0
        lines = [line.split("\t") for line in path.read_text().splitlines()]
        assert [line[column] for line in lines[kind == "table" :]] == view.ids.tolist()


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
    monkeypatch.setattr(export, "_places", fail)
    with pytest.raises(RuntimeError, match="stop"):
        export.FORMATS[kind](stored, tmp_path / ENDINGS[kind])
    assert [path.name for path in tmp_path.iterdir()] == ["small.zarr"]
