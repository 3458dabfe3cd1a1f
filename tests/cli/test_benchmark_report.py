"""`cislens benchmark report`."""

from cislens.cli import main


def test_page_of_a_run_that_is_not_finished(tmp_path, capsys):
    out = str(tmp_path / "run")
    words = ["--scale", "smoke", "--only", "[task3, cnn-local, relu, seed0, saliency]"]
    assert main.main(["benchmark", "run", "koo2021", "--out", out, *words]) == 0
    capsys.readouterr()
    assert main.main(["benchmark", "report", out]) == 0
    path = capsys.readouterr().out.strip()
    text = (tmp_path / "run" / "report.html").read_text()
    assert path.endswith("report.html")
    assert "Fig. 2b: saliency against planted motifs, Task 3" in text
    assert "published 0.771" in text


def test_a_folder_without_a_benchmark_is_told(tmp_path, capsys):
    assert main.main(["benchmark", "report", str(tmp_path)]) == 2
    assert "cislens benchmark run" in capsys.readouterr().err
