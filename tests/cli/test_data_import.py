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
