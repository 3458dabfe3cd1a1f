"""`cislens merge`."""

from cislens.cli import main


def test_filters_become_one_table(trained, tmp_path, capsys):
    words = ["--out", str(tmp_path / "merged"), "--motifs.database", "jaspar2016"]
    assert main.main(["merge", str(trained), *words]) == 0
    assert "motifs after merging" in capsys.readouterr().out
    assert (tmp_path / "merged" / "merged.csv").exists()


def test_a_folder_without_models(tmp_path, capsys):
    assert main.main(["merge", str(tmp_path), "--out", str(tmp_path / "merged")]) == 2
    assert "no trained model" in capsys.readouterr().err
