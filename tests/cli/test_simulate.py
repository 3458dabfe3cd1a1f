"""`cislens simulate`."""

from cislens.cli import main
from cislens.data import dataset


def test_factors_and_size_are_flags(tmp_path, capsys):
    out = tmp_path / "small.zarr"
    words = ["--sequences", "40", "--factors", "[SP1, MAX]", "--mode", "corrected"]
    assert main.main(["simulate", "koo2021_task1", "--out", str(out), *words]) == 0
    assert "40 sequences of 200 bp, 2 tasks" in capsys.readouterr().out
    assert dataset.open(out).tasks == ("MAX", "SP1")


def test_unknown_factor_lists_the_known(tmp_path, capsys):
    out = tmp_path / "small.zarr"
    words = ["--out", str(out), "--factors", "[SP2]"]
    assert main.main(["simulate", "koo2021_task1", *words]) == 2
    assert "SP1" in capsys.readouterr().err
    assert not out.exists()
