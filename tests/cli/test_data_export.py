"""`cislens data export`."""

from cislens.cli import main


def test_fasta_holds_every_sequence(imported, tmp_path):
    out = tmp_path / "all.fa"
    assert main.main(["data", "export", str(imported), str(out)]) == 0
    assert out.read_text().count(">") == 180
    assert main.main(["data", "export", str(imported), str(out)]) == 2
    assert main.main(["data", "export", str(imported), str(out), "--overwrite", "true"]) == 0
