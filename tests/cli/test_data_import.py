"""`cislens data import`."""

from cislens.cli import main
from cislens.data import dataset


def test_dataset_and_its_yaml(imported):
    stored = dataset.open(imported)
    assert [len(stored.view(split)) for split in dataset.SPLITS] == [60, 60, 60]
    assert "negatives: dinucleotide-shuffle" in imported.with_name("peaks.zarr.yaml").read_text()


def test_yaml_repeats_the_import(imported, tmp_path, capsys):
    again = tmp_path / "again.zarr"
    words = ["--config", str(imported.with_name("peaks.zarr.yaml")), "--out", str(again)]
    assert main.main(["data", "import", *words]) == 0
    assert "180 sequences of 120 bp" in capsys.readouterr().out
    first, second = (dataset.open(path).view()[0:180] for path in (imported, again))
    assert (first == second).all()


def test_slips_and_the_kind_of_targets_are_told(tmp_path, capsys):
    rows = [f"ACGTTGCA\t{value}\n" for value in [0, 1] * 20 + [2]]
    (tmp_path / "in.tsv").write_text("sequence\ty\n" + "".join(rows))
    words = [str(tmp_path / "in.tsv"), "--out", str(tmp_path / "d.zarr"), "--target_columns", "y"]
    assert main.main(["data", "import", *words]) == 0
    captured = capsys.readouterr()
    assert captured.out.endswith("test), continuous targets\n")
    assert "warning: all but 1 of 41 values are 0 or 1" in captured.err


def test_splits_by_folds_of_chromosomes(peaks, tmp_path, capsys):
    table = tmp_path / "folds.tsv"
    table.write_text("chr1\tx\nchr2\ty\nchr3\tz\n")
    words = ["--negatives=dinucleotide-shuffle", "--out", str(tmp_path / "d.zarr")]
    words += ["--split.by=folds", "--split.validation=[y]", f"--split.file={table}"]
    assert main.main(["data", "import", str(peaks), *words, "--split.test=[z]"]) == 0
    stored = dataset.open(tmp_path / "d.zarr")
    originals = stored.intervals["chrom"] != ""
    assert set(stored.intervals["chrom"][originals & (stored.split == "test")]) == {"chr3"}
    words.append("--overwrite=true")
    assert main.main(["data", "import", str(peaks), *words, "--split.test=[w]"]) == 2
    assert (
        "fold 'w': no sequence lies in it; those with some are x, y, z" in capsys.readouterr().err
    )
