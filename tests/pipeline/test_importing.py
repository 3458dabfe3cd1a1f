"""From files to datasets."""

import numpy as np
import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.pipeline import importing, options, verbs


def test_fasta_with_shuffles_split_by_chromosome(fasta_file, tmp_path):
    out = tmp_path / "peaks.zarr"
    said = importing.run(
        verbs.Import(
            path=fasta_file,
            out=out,
            negatives="dinucleotide-shuffle",
            tasks=["CTCF"],
            split=options.SplitOptions(by="chromosome", validation=["chr2"], test=["chr3"]),
        )
    )
    stored = dataset.open(out)
    assert "120 sequences of 50 bp, 1 task (40 train, 40 validation, 40 test)" in said
    assert stored.tasks == ("CTCF",)
    assert np.array_equal(np.unique(stored.targets, return_counts=True)[1], [60, 60])
    assert (tmp_path / "peaks.zarr.yaml").exists()


def test_table_with_intervals_and_split_column(tmp_path):
    path = tmp_path / "mpra.tsv"
    rows = ["sequence\tactivity\tpart\tchrom\tstart\tend"]
    rows += [
        f"ACGTACGT\t{i}.5\t{part}\tchr1\t{i}\t{i + 8}"
        for i, part in enumerate(["train", "train", "val", "test"])
    ]
    path.write_text("\n".join(rows) + "\n")
    out = tmp_path / "mpra.zarr"
    importing.write(
        options.DataOptions(
            path=path,
            target_columns=["activity"],
            interval_columns=["chrom", "start", "end"],
            split=options.SplitOptions(by="column", column="part"),
        ),
        out,
        seed=0,
    )
    stored = dataset.open(out)
    assert stored.target_kind == "continuous"
    assert list(stored.split) == ["train", "train", "validation", "test"]
    assert list(stored.intervals["start"]) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"split": options.SplitOptions(by="given")}, "split.by=given"),
        ({"split": options.SplitOptions(by="column")}, "a FASTA file has no columns"),
        ({"tasks": ["a", "b"]}, "a FASTA file has one task"),
    ],
)
def test_fasta_options_that_do_not_fit(fasta_file, tmp_path, settings, message):
    with pytest.raises(UserError, match=message):
        importing.write(
            options.DataOptions(path=fasta_file, negatives="dinucleotide-shuffle", **settings),
            tmp_path / "x.zarr",
            seed=0,
        )
    assert not (tmp_path / "x.zarr").exists()


def test_a_bundle_keeps_its_own_splits(tmp_path):
    path = tmp_path / "a.h5"
    path.touch()
    split = options.SplitOptions(by="random")
    with pytest.raises(UserError, match=r"write split\.by=given"):
        importing.write(options.DataOptions(path=path, split=split), tmp_path / "x.zarr", seed=0)
    with pytest.raises(UserError, match="no complete HDF5"):
        importing.write(options.DataOptions(path=path), tmp_path / "x.zarr", seed=0)


def test_table_wants_three_interval_columns(tmp_path):
    path = tmp_path / "a.tsv"
    path.touch()
    with pytest.raises(UserError, match="interval_columns"):
        importing.write(
            options.DataOptions(path=path, interval_columns=["chrom"]), tmp_path / "x.zarr", seed=0
        )


def test_unknown_ending_lists_the_known(tmp_path):
    with pytest.raises(UserError, match=r"known are \.fa.*\.tsv.*\.h5.*\.zarr"):
        importing.write(options.DataOptions(path=tmp_path / "a.doc"), tmp_path / "x.zarr", seed=0)


def test_dataset_is_not_imported_again(fasta_file, tmp_path):
    out = tmp_path / "a.zarr"
    importing.run(verbs.Import(path=fasta_file, out=out, negatives="dinucleotide-shuffle"))
    with pytest.raises(UserError, match="is a dataset already"):
        importing.run(verbs.Import(path=out, out=tmp_path / "b.zarr"))
