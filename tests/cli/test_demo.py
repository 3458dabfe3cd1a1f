"""`cislens demo`."""

from cislens.cli import main
from cislens.pipeline import demo


def test_last_lines_are_three_numbers_and_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(demo.SCALES, "small", demo.Scale(300, "cnn-local", 1, "tiny"))
    assert main.main(["demo", "--out", str(tmp_path / "demo")]) == 0
    last = capsys.readouterr().out.splitlines()
    assert last[-1] == str(tmp_path / "demo" / "report.html")
    assert [line.split(":")[0].strip() for line in last[-4:-1]] == [
        "exponential filters that match a planted motif",
        "relu filters that match a planted motif",
        "test AUROC, exponential (ReLU)",
    ]
