"""`cislens discover`."""

import pytest

from cislens.cli import main


@pytest.fixture(scope="module")
def mapped(trained):
    """The trained run with maps."""
    words = ["--method", "saliency", "--name", "quick", "--top", "20"]
    assert main.main(["attribute", str(trained), *words]) == 0
    return trained


def test_motifs_or_the_reason_why_there_are_none(mapped, capsys):
    words = ["--name", "quick", "--shuffled", "20", "--motifs.database", "jaspar2016"]
    assert main.main(["discover", str(mapped), *words, "--seqlets.fdr", "1"]) == 0
    said = capsys.readouterr().out
    assert "exponential, AP1: " in said
    assert "motif" in said
    out = mapped / "motifs" / "exponential" / "quick" / "AP1"
    for name in ("motifs.csv", "motifs.meme", "seqlets.bed", "seqlets.csv", "matches.csv"):
        assert (out / name).exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--name", "ism2"], "no maps called 'ism2'"),
        (["--name", "quick", "--targets", "SP1"], "no maps of 'SP1'"),
        (["--name", "quick", "--seqlets.fdr", "2"], "fdr=2.0: wants above 0"),
        (["--name", "quick", "--clusters.width", "2"], "width=2: wants at least 4 bp"),
        (["--name", "quick", "--shuffled", "0"], "shuffled=0: wants at least 1"),
    ],
)
def test_bad_input(mapped, capsys, words, message):
    assert main.main(["discover", str(mapped), *words]) == 2
    assert message in capsys.readouterr().err
