"""`cislens data signal`, as a user runs it."""

import pytest

from cislens.cli import main
from cislens.data import tracks

pysam = pytest.importorskip("pysam")


@pytest.fixture
def reads(tmp_path):
    lines = ["@HD\tVN:1.6\tSO:coordinate", "@SQ\tSN:c\tLN:90"]
    lines += [f"r\t{flag}\tc\t11\t9\t20M\t*\t0\t0\t*\t*" for flag in (0, 16)]
    (tmp_path / "a.sam").write_text("\n".join([*lines, ""]))
    pysam.view("-b", "-o", str(tmp_path / "a.bam"), str(tmp_path / "a.sam"), catch_stdout=False)
    return tmp_path / "a.bam"


def test_cuts_of_both_strands(reads, capsys):
    words = [str(reads), str(reads.with_name("x")), "--kind", "tn5", "--strands", "together"]
    assert main.main(["data", "signal", *words]) == 0
    assert capsys.readouterr().out.strip() == f"{reads.with_name('x.bw')}: 2 cuts"
    found = tracks.open(reads.with_name("x.bw")).values(["c"], [0], length=90)[0]
    assert found.nonzero()[0].tolist() == [14, 25]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.bam", "x"], "none.bam: no such file"),
        (["a.sam", "x"], "a.sam: "),
        (["a.bam", "x", "--kind", "fragment"], "its reads are not paired"),
        (["a.bam", "x", "--reads.least_quality", "10"], "no read counts on strand '+'"),
        (["a.bam", "x", "--kind", "ends"], "kind"),
        (["a.bam", "x", "--genome", "none.2bit"], "none.2bit: no such file"),
    ],
)
def test_bad_input_is_one_sentence(reads, words, message, capsys, monkeypatch):
    monkeypatch.chdir(reads.parent)
    before = {path.name for path in reads.parent.iterdir()} | {"a.bam.bai"}
    assert main.main(["data", "signal", *words]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told
    assert {path.name for path in reads.parent.iterdir()} <= before
