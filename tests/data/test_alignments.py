"""Signal of aligned reads equals a slow count, read by read and base by base."""

import pickle

import numpy as np
import pytest

from cislens.data import alignments, track_writing, tracks
from cislens.data.alignments import Reads
from cislens.errors import UserError

pysam = pytest.importorskip("pysam")
SIZES = {"chr2": 700, "chr10": 500, "chrUn": 40}
FLAGS = [0, 16, 0, 16, 1024, 256, 2048, 512, 16 | 1024]
TEXTS = {"20M": 20, "5S15M": 15, "8M30N12M": 50, "10M2D10M": 22, "10M3I7M": 17, "3M": 3}


def write(path, reads, sizes=SIZES):
    """Write reads: chromosome, start, flag, quality, cigar, and perhaps the span of the pair."""
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": n, "LN": size} for n, size in sizes.items()]}
    order = {name: number for number, name in enumerate(sizes)}
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for chrom, start, flag, quality, cigar, *span in reads:
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.flag, read.mapping_quality = "r", flag, quality
            read.reference_id, read.reference_start, read.cigarstring = order[chrom], start, cigar
            read.query_sequence = "A" * read.infer_query_length()
            if span:
                read.next_reference_id, read.template_length = order[chrom], span[0]
                read.next_reference_start = start
            out.write(read)


@pytest.fixture
def single(rng, tmp_path):
    reads = []
    for chrom in ("chr2", "chr10"):
        for start in np.sort(rng.integers(0, SIZES[chrom] - 50, 150)).tolist():
            reads.append(
                (chrom, start, int(rng.choice(FLAGS)), int(rng.integers(0, 60)),
                 str(rng.choice(list(TEXTS))))
            )  # fmt: skip
    write(tmp_path / "a.bam", reads)
    return tmp_path / "a.bam", reads


def bases(kind, start, flag, cigar):
    """List the bases that a read counts for."""
    end, minus = start + TEXTS[cigar], flag & 16
    if kind == "coverage":
        gap = {"8M30N12M": range(start + 8, start + 38), "10M2D10M": range(start + 10, start + 12)}
        return [base for base in range(start, end) if base not in gap.get(cigar, ())]
    five, three = (end - 1, start) if minus else (start, end - 1)
    return [{"5prime": five, "3prime": three, "tn5": end - 5 if minus else start + 4}[kind]]


def slow(reads, kind, chrom, start, end, strand, chosen):
    out = [0] * (end - start)
    for name, place, flag, quality, cigar in reads:
        refused = flag & (256 | 512 | 2048) or (flag & 1024 and not chosen.duplicates)
        on = "+-"[bool(flag & 16) != chosen.turned]
        if name != chrom or refused or quality < chosen.least_quality or strand not in {".", on}:
            continue
        for base in bases(kind, place, flag, cigar):
            if start <= base < end:
                out[base - start] += 1
    return out


@pytest.mark.parametrize("kind", ["5prime", "3prime", "tn5", "coverage"])
@pytest.mark.parametrize("strand", ["+", "-", "."])
def test_counts_equal_a_slow_count(single, kind, strand, rng):
    path, reads = single
    opened = alignments.open(path)
    for chosen in (Reads(), Reads(least_quality=30, duplicates=True, turned=True)):
        for _ in range(10):
            chrom = str(rng.choice(["chr2", "chr10"]))
            start = int(rng.integers(-20, SIZES[chrom]))
            end = start + int(rng.integers(1, 300))
            found = opened.counts(chrom, start, end, kind=kind, strand=strand, reads=chosen)
            assert found.dtype == np.float32
            assert found.tolist() == slow(reads, kind, chrom, start, end, strand, chosen)


def test_both_sides_of_a_tn5_cut_count_for_one_base(tmp_path):
    # One insertion doubles bases 100 to 108: fragments begin at 100 and end behind 108.
    write(tmp_path / "a.bam", [("chr2", 89, 16, 9, "20M"), ("chr2", 100, 0, 9, "20M")])
    found = alignments.open(tmp_path / "a.bam").counts("chr2", 0, 700, kind="tn5")
    assert np.flatnonzero(found).tolist() == [104]
    assert found[104] == 2


def test_fragments_are_counted_once_and_by_their_first_read(tmp_path):
    pairs = [
        ("chr2", 10, 99, 9, "20M", 60),  # first read left: plus
        ("chr2", 50, 147, 9, "20M", -60),
        ("chr2", 100, 163, 9, "20M", 300),  # second read left: minus
        ("chr2", 150, 97, 9, "20M", 40),  # not proper
        ("chr2", 380, 83, 9, "20M", -300),
    ]
    write(tmp_path / "a.bam", pairs)
    opened = alignments.open(tmp_path / "a.bam")
    wanted = {"+": [(10, 70)], "-": [(100, 400)], ".": [(10, 70), (100, 400)]}
    for strand, spans in wanted.items():
        found = opened.counts("chr2", 0, 700, kind="fragment", strand=strand)
        slowly = [sum(begin <= base < end for begin, end in spans) for base in range(700)]
        assert found.tolist() == slowly
        # Within a fragment, with neither read in sight.
        assert (
            opened.counts("chr2", 240, 243, kind="fragment", strand=strand).tolist()
            == (slowly[240:243])
        )
    short = opened.counts("chr2", 0, 700, kind="fragment", reads=Reads(longest=299))
    assert short.sum() == 60
    first = opened.counts("chr2", 0, 700, kind="5prime", reads=Reads(mate=1))
    second = opened.counts("chr2", 0, 700, kind="5prime", reads=Reads(mate=2))
    assert np.flatnonzero(first).tolist() == [10, 150, 399]
    assert np.flatnonzero(second).tolist() == [69, 100]


def test_bigwig_of_the_whole_genome_under_its_names(single, tmp_path, monkeypatch):
    path, reads = single
    monkeypatch.setattr(alignments, "_AT_ONCE", 64)
    sizes = {"10": 500, "2": 700, "3": 9}
    opened = alignments.open(path, sizes=sizes)
    assert opened.renamed == "chr10 = 10, chr2 = 2"
    assert opened.left_out == ["chrUn"]
    stretches = opened.stretches(kind="5prime", strand="-")
    track_writing.bigwig(tmp_path / "a.bw", sizes, stretches)
    written = tracks.open(tmp_path / "a.bw", sizes=sizes)
    for name in ("2", "10"):
        found = written.values([name], [0], length=sizes[name])[0].tolist()
        assert found == slow(reads, "5prime", f"chr{name}", 0, sizes[name], "-", Reads())
    assert opened.counts("3", 0, 9, kind="tn5").tolist() == [0] * 9
    again = pickle.loads(pickle.dumps(opened))
    assert (
        again.counts("2", 0, 700, kind="tn5").sum() == opened.counts("2", 0, 700, kind="tn5").sum()
    )


def test_other_genomes_and_questions_are_refused(single):
    path, _ = single
    with pytest.raises(UserError, match=r"a\.bam: chr2 has 700 bp, 2 of the genome 701"):
        alignments.open(path, sizes={"2": 701})
    with pytest.raises(UserError, match="has chr2, chr10, chrUn, none of the genome, which has x"):
        alignments.open(path, sizes={"x": 5})
    opened = alignments.open(path)
    with pytest.raises(UserError, match=r"chromosome '2': .*a\.bam is read with chr2"):
        opened.counts("2", 0, 9, kind="tn5")
    with pytest.raises(UserError, match="chr2:9-9: wants an end behind"):
        opened.counts("chr2", 9, 9, kind="tn5")
    with pytest.raises(UserError, match="kind='ends': wants one of 5prime, 3prime, tn5"):
        opened.counts("chr2", 0, 9, kind="ends")
    with pytest.raises(UserError, match=r"strand='\*'"):
        opened.counts("chr2", 0, 9, kind="tn5", strand="*")
    with pytest.raises(UserError, match="its reads are not paired"):
        opened.counts("chr2", 0, 9, kind="fragment")


def test_index_is_made_and_one_of_before_refused(single):
    import os

    path, _ = single
    alignments.open(path)
    beside = path.with_name("a.bam.bai")
    assert sorted(found.name for found in path.parent.iterdir()) == ["a.bam", "a.bam.bai"]
    os.utime(beside, (1, 1))
    with pytest.raises(UserError, match=r"a\.bam\.bai: older than a\.bam"):
        alignments.open(path)


def test_damaged_files(single, tmp_path):
    path, reads = single
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    with pytest.raises(UserError, match=r"a\.bam: cannot be read as BAM"):
        alignments.open(path)
    (tmp_path / "t.bam").write_text("hello\n")
    with pytest.raises(UserError, match=r"t\.bam: cannot be read as BAM"):
        alignments.open(tmp_path / "t.bam")
    with pytest.raises(UserError, match="no such file"):
        alignments.open(tmp_path / "none.bam")
    write(tmp_path / "u.bam", reads[::-1])
    with pytest.raises(UserError, match=r"u\.bam: no index can be made; sort the reads"):
        alignments.open(tmp_path / "u.bam")
    assert not list(tmp_path.glob(".*"))


def test_missing_pysam_says_what_to_install(single, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pysam", None)
    with pytest.raises(UserError, match=r"pip install 'cislens\[bam\]'"):
        alignments.open(single[0])
