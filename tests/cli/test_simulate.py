"""`cislens simulate`."""

from cislens.cli import main
from cislens.data import dataset
from cislens.simulation.tasks import TASKS


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


def test_a_setting_of_another_task_is_told(tmp_path, capsys):
    out = ["--out", str(tmp_path / "x.zarr"), "--sequences", "20"]
    assert main.main(["simulate", "pair_grammar", *out, "--mode", "legacy"]) == 2
    assert "mode: pair_grammar has no such setting" in capsys.readouterr().err
    assert main.main(["simulate", "pair_grammar", *out, "--rule", "order"]) == 0
    assert dataset.open(tmp_path / "x.zarr").tasks == ("order",)


def test_help_names_every_task(capsys):
    assert main.main(["simulate", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in TASKS)
