"""`cislens benchmark status`."""

from cislens.cli import main


def test_a_folder_without_a_benchmark_is_told(tmp_path, capsys):
    assert main.main(["benchmark", "status", str(tmp_path)]) == 2
    assert "cislens benchmark run" in capsys.readouterr().err


def test_the_verb_alone_says_what_is_wanted(capsys):
    assert main.main(["benchmark"]) == 2
    assert "`benchmark run` or `benchmark status` or `benchmark report`" in capsys.readouterr().err
