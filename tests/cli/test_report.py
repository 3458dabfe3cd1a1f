"""`cislens report`."""

from cislens.cli import main


def test_page_is_one_file_that_names_the_task(trained, capsys):
    assert main.main(["report", str(trained)]) == 0
    assert capsys.readouterr().out.strip().endswith("report.html")
    page = (trained / "report.html").read_text()
    assert "AP1" in page
    assert 'src="http' not in page


def test_a_named_sequence_without_a_map_is_refused(trained, capsys):
    assert main.main(["report", str(trained), "--sequences", "[nobody]"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "no maps to show" in error or "'nobody' has no map" in error
