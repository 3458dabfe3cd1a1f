"""`cislens benchmark run`."""

from cislens.benchmarks import BENCHMARKS
from cislens.cli import main


def test_smoke_of_one_trial_is_run_once(tmp_path, capsys):
    words = ["benchmark", "run", "koo2021", "--out", str(tmp_path / "run"), "--scale", "smoke"]
    words += ["--only", "[task1, cnn-50, relu, seed0, training]"]
    assert main.main(words) == 0
    assert "2 pieces done, 0 were done before" in capsys.readouterr().out
    assert main.main(words) == 0
    assert "0 pieces done, 2 were done before" in capsys.readouterr().out
    assert (tmp_path / "run" / "records.csv").exists()


def test_bad_input_is_one_line(tmp_path, capsys):
    out = ["--out", str(tmp_path / "run")]
    for words, told in (
        (["koo2022", *out], "known are koo2021"),
        (["koo2021", *out, "--only", "[task9]"], "'task9' is in no label: did you mean 'task"),
        (["koo2021", *out, "--files", "{irf1: none.h5}"], "files.irf1"),
        (["koo2021", *out, "--executor.workers", "2"], "processes"),
        (["koo2021", *out, "--scale", "huge"], "scale"),
    ):
        assert main.main(["benchmark", "run", *words]) == 2
        error = capsys.readouterr().err
        assert told in error
        assert "Traceback" not in error
    assert not (tmp_path / "run").exists()


def test_help_names_every_benchmark(capsys):
    assert main.main(["benchmark", "run", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in BENCHMARKS)
