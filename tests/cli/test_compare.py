"""`cislens compare`."""

from cislens.cli import main


def test_two_seeds_are_compared(imported, trained, tmp_path, capsys):
    other, out = tmp_path / "other", tmp_path / "comparison"
    words = ["--model.architecture", "cnn-local", "--fit.epochs", "2", "--seed", "1"]
    assert main.main(["train", str(imported), "--out", str(other), *words]) == 0
    assert main.main(["compare", str(trained), str(other), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "over 2 trainings" in said
    assert "maps of two seeds agree to" in said
    assert (out / "comparison.html").exists()
    assert "runs:" in (out / "compare.yaml").read_text()


def test_one_run_is_too_few(trained, tmp_path, capsys):
    out = tmp_path / "comparison"
    assert main.main(["compare", str(trained), "--out", str(out)]) == 2
    assert "give run folders of two trainings" in capsys.readouterr().err
    assert not out.exists()


def test_usage_says_that_it_takes_several(capsys):
    assert main.main(["compare", "--help"]) == 0
    assert "cislens compare RUN ... [--config" in capsys.readouterr().out
