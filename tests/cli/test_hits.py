"""`cislens hits`."""

import pytest

from cislens.cli import main


@pytest.fixture(scope="module")
def discovered(trained):
    """The trained run with maps and what was discovered in them."""
    words = ["--method", "saliency", "--name", "hits", "--top", "20"]
    assert main.main(["attribute", str(trained), *words]) == 0
    words = ["--name", "hits", "--shuffled", "20", "--motifs.database", "jaspar2016"]
    assert main.main(["discover", str(trained), *words]) == 0
    return trained


def test_hits_are_counted(discovered, capsys):
    assert main.main(["hits", str(discovered), "--name", "hits"]) == 0
    assert "exponential, AP1: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--name", "ism2"], "no motifs of maps called 'ism2'"),
        (["--hits.cosine", "1.5"], "cosine=1.5: wants above 0 and below 1"),
    ],
)
def test_bad_input(discovered, capsys, words, message):
    assert main.main(["hits", str(discovered), *words]) == 2
    assert message in capsys.readouterr().err


def test_a_run_without_motifs(tmp_path, capsys):
    assert main.main(["hits", str(tmp_path)]) == 2
    assert "find some with `cislens discover" in capsys.readouterr().err
