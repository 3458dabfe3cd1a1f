"""Files of signal from aligned reads: names, strands, sums; all of them or none."""

import pytest

from cislens.data import tracks
from cislens.errors import UserError
from cislens.pipeline import counting
from cislens.pipeline.dataset_options import ReadOptions, Signal

pysam = pytest.importorskip("pysam")
PLACES = [(0, 11), (16, 21), (16, 21), (1040, 30)]


@pytest.fixture
def reads(tmp_path):
    """Four reads of 5 bp, one on the plus strand, and a duplicate on the minus strand."""
    lines = ["@HD\tVN:1.6\tSO:coordinate", "@SQ\tSN:2\tLN:90", "@SQ\tSN:un\tLN:9"]
    lines += [f"r\t{flag}\t2\t{place}\t9\t5M\t*\t0\t0\tACGTA\t*" for flag, place in PLACES]
    (tmp_path / "a.sam").write_text("\n".join([*lines, ""]))
    pysam.view("-b", "-o", str(tmp_path / "a.bam"), str(tmp_path / "a.sam"), catch_stdout=False)
    (tmp_path / "g.fa").write_text(f">chr2\n{'A' * 90}\n>chr1\nACGT\n")
    return tmp_path / "a.bam"


def places(path, chrom="2"):
    return {
        place: value
        for place, value in enumerate(tracks.open(path).values([chrom], [0], length=90)[0])
        if value
    }


def test_a_file_for_each_strand(reads):
    said = counting.run(Signal(reads, reads.with_name("x")))
    assert places(reads.with_name("x.plus.bw")) == {10: 1}
    assert places(reads.with_name("x.minus.bw")) == {24: 2}
    assert said.splitlines() == [
        f"{reads.with_name('x.plus.bw')}: 1 5' ends",
        f"{reads.with_name('x.minus.bw')}: 2 5' ends",
    ]


def test_one_file_under_the_names_of_the_genome(reads, capsys):
    out = reads.with_name("y")
    counting.run(Signal(
        reads, out, kind="coverage", strands="together", reads=ReadOptions(duplicates=True),
        genome=reads.with_name("g.fa"),
    ))  # fmt: skip
    covered = {**dict.fromkeys(range(10, 15), 1), **dict.fromkeys(range(20, 25), 2)}
    assert places(reads.with_name("y.bw"), "chr2") == covered | dict.fromkeys(range(29, 34), 1)
    told = " ".join(capsys.readouterr().err.split())
    assert "chromosomes by other names: 2 = chr2" in told
    assert "not in the genome, left out: un" in told


def test_all_files_or_none(reads):
    out = reads.with_name("z")
    before = {path.name for path in reads.parent.iterdir()}
    with pytest.raises(UserError, match=r"a\.bam: no read counts on strand '\+'; loosen `reads`"):
        counting.run(Signal(reads, out, reads=ReadOptions(mate=1)))
    turned = ReadOptions(least_quality=9)
    (reads.with_name("z.minus.bw")).touch()
    with pytest.raises(UserError, match=r"z\.minus\.bw: exists already"):
        counting.run(Signal(reads, out, reads=turned))
    assert {path.name for path in reads.parent.iterdir()} == before | {"z.minus.bw", "a.bam.bai"}
    counting.run(Signal(reads, out, reads=turned, overwrite=True))
    assert places(reads.with_name("z.minus.bw")) == {24: 2}
