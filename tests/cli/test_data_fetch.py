"""`cislens data fetch`, as a user runs it."""

import gzip

import pytest

from cislens import catalog
from cislens.cli import main
from cislens.data import dataset


@pytest.mark.parametrize("words", [(), ("--list",)])
def test_catalogue(words, capsys):
    assert main.main(["data", "fetch", *words]) == 0
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines()[: len(catalog.DATASETS)]] == [
        *catalog.DATASETS
    ]


def test_from_a_local_copy_to_a_dataset(real_data, tmp_path, capsys):
    words = ["IRF1", "--from", str(real_data / "chip"), "--out", str(tmp_path / "irf1")]
    assert main.main(["data", "fetch", *words]) == 0
    assert f"data import --config {tmp_path}/irf1/irf1.yaml" in capsys.readouterr().out
    assert main.main(["data", "import", "--config", str(tmp_path / "irf1" / "irf1.yaml")]) == 0
    assert len(dataset.open(tmp_path / "irf1" / "irf1.zarr")) == 3892


def test_genome_goes_on_to_build(tmp_path, capsys):
    (tmp_path / "sacCer3.fa.gz").write_bytes(gzip.compress(b">chrI\nACGT\n"))
    words = ["saccer3", "--from", str(tmp_path), "--out", str(tmp_path / "g")]
    assert main.main(["data", "fetch", *words]) == 0
    told = capsys.readouterr().out
    assert f"cislens data build {tmp_path}/g/saccer3.yaml" in told
    assert "# Your own files in place of PEAKS.bed." in told
    assert (tmp_path / "g" / "sacCer3.fa").read_text() == ">chrI\nACGT\n"


def test_unknown_name_is_one_line(capsys):
    assert main.main(["data", "fetch", "irf2"]) == 2
    error = capsys.readouterr().err
    assert "did you mean 'irf1'?" in error
    assert error.count("\n") == 1
