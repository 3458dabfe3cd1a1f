"""`cislens data inspect`, as a user runs it."""

from cislens.cli import main


def test_text_and_page(imported, tmp_path, capsys):
    page = tmp_path / "peaks.html"
    assert main.main(["data", "inspect", str(imported), "--out", str(page)]) == 0
    told = capsys.readouterr().out
    assert "180 sequences of 120 bp, 1 binary task" in told
    assert "AP1" in told
    assert told.splitlines()[-1] == str(page)
    assert "chr3" in page.read_text()


def test_without_out_nothing_is_written(imported, capsys):
    before = sorted(imported.parent.iterdir())
    assert main.main(["data", "inspect", str(imported)]) == 0
    assert sorted(imported.parent.iterdir()) == before
    assert "positive, train" in capsys.readouterr().out


def test_wrong_words_are_told(imported, tmp_path, capsys):
    page = tmp_path / "page.html"
    page.touch()
    for words, told in [
        ([str(tmp_path / "none.zarr")], "no such dataset"),
        ([str(tmp_path)], "no cislens dataset"),
        ([str(imported), "--out", str(page)], "exists already; add --overwrite true"),
        ([], "data"),
    ]:
        assert main.main(["data", "inspect", *words]) == 2
        error = capsys.readouterr().err
        assert told in error
        assert error.count("\n") == 1
    assert page.read_text() == ""


def test_likeness_can_be_left_out(imported, tmp_path):
    page = tmp_path / "peaks.html"
    assert main.main(["data", "inspect", str(imported), "--out", str(page)]) == 0
    assert "much like one in train" in page.read_text()
    words = ["--similar=false", "--overwrite=true"]
    assert main.main(["data", "inspect", str(imported), "--out", str(page), *words]) == 0
    assert "much like one in train" not in page.read_text()
