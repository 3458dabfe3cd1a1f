"""Values of bigWig and bedGraph files equal a slow painting of their entries; faults by line."""

import gzip
import pickle
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context

import numpy as np
import pybigtools
import pytest

from cislens.data import tracks
from cislens.errors import UserError

SIZES = {"chrI": 500, "chrII": 90, "chrX": 40}


def random_entries(rng):
    """Give runs of values that do not overlap, some touching, on the first two chromosomes."""
    entries = []
    for chrom in ("chrI", "chrII"):
        edges = np.sort(rng.choice(SIZES[chrom] + 1, 24, replace=False)).tolist()
        for begin, end in pairwise(edges):
            if rng.random() < 0.7:
                entries.append((chrom, begin, end, float(np.float32(rng.normal()))))
    return entries


def write_bigwig(path, entries, sizes=SIZES):
    pybigtools.open(str(path), "w").write(sizes, iter(entries))


def write_bedgraph(path, entries):
    path.write_text("".join(f"{c}\t{a}\t{b}\t{v:.9g}\n" for c, a, b, v in entries))


def slow(entries, chrom, start, length, strand, missing):
    """Paint a window base by base."""
    out = [missing] * length
    for name, begin, end, value in entries:
        for place in range(begin, end):
            if name == chrom and 0 <= place - start < length:
                out[place - start] = value
    return out[::-1] if strand == "-" else out


@pytest.mark.parametrize("kind", ["bw", "bedgraph", "shuffled", "commented", "gz"])
@pytest.mark.parametrize("missing", [0.0, -3.0, np.nan])
def test_values_equal_a_slow_painting(kind, missing, rng, tmp_path):
    entries = random_entries(rng)
    path = tmp_path / ("a.bw" if kind == "bw" else "a.bg")
    if kind == "bw":
        write_bigwig(path, entries)
    else:
        order = rng.permutation(len(entries)) if kind == "shuffled" else range(len(entries))
        write_bedgraph(path, [entries[i] for i in order])
    if kind == "commented":
        path.write_text(f"track type=bedGraph\n# c\n{path.read_text()}\n".replace("\n", "\r\n"))
    if kind == "gz":
        path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    opened = tracks.open(path, sizes=SIZES)
    chroms = rng.choice(list(SIZES), 100)
    starts = rng.integers(-40, 520, 100)
    strands = rng.choice(["+", "-", "."], 100)
    for length in (1, 37):
        found = opened.values(chroms, starts, length=length, strand=strands, missing=missing)
        wanted = [
            slow(entries, *asked, missing)
            for asked in zip(chroms, starts, [length] * 100, strands, strict=True)
        ]
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, np.array(wanted, np.float32))


def test_stranded_windows_turn_with_their_strand(rng, tmp_path):
    both = [random_entries(rng), random_entries(rng)]
    for name, entries in zip("pm", both, strict=True):
        write_bigwig(tmp_path / f"{name}.bw", entries)
    plus, minus = (tracks.open(tmp_path / f"{name}.bw") for name in "pm")
    forward = tracks.stranded(plus, minus, ["chrI"], [30], length=200)
    backward = tracks.stranded(plus, minus, ["chrI"], [30], length=200, strand=["-"])
    assert np.count_nonzero(forward) > 50
    assert (backward == forward[:, ::-1, ::-1]).all()
    assert (forward[0, 0] == plus.values(["chrI"], [30], length=200)[0]).all()


def test_names_and_sizes_are_those_of_the_genome(rng, tmp_path):
    entries = random_entries(rng)
    renamed = [(c.removeprefix("chr"), *rest) for c, *rest in entries]
    write_bigwig(tmp_path / "a.bw", renamed, {"I": 500, "II": 90})
    opened = tracks.open(tmp_path / "a.bw", sizes=SIZES)
    assert opened.renamed == "I = chrI, II = chrII"
    assert opened.sizes == SIZES
    found = opened.values(["chrI"], [0], length=500)
    assert found[0].tolist() == slow(entries, "chrI", 0, 500, "+", 0.0)
    with pytest.raises(UserError, match=r"a\.bw: I has 500 bp, chrI of the genome 501"):
        tracks.open(tmp_path / "a.bw", sizes=SIZES | {"chrI": 501})
    with pytest.raises(UserError, match="has I, II, none of the genome, which has 1, 2"):
        tracks.open(tmp_path / "a.bw", sizes={"1": 3, "2": 3})
    with pytest.raises(UserError, match=r"chromosome 'I': .* is read with chrI, chrII, chrX"):
        opened.values(["I"], [0], length=5)
    own = tracks.open(tmp_path / "a.bw")
    assert own.sizes == {"I": 500, "II": 90}


def test_another_process_reads_the_same(rng, tmp_path):
    write_bigwig(tmp_path / "a.bw", random_entries(rng))
    opened = tracks.open(tmp_path / "a.bw")
    wanted = opened.values(["chrI"], [0], length=500)
    again = pickle.loads(pickle.dumps(opened))
    assert (again.values(["chrI"], [0], length=500) == wanted).all()
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        parts = [pool.submit(opened.values, ["chrI"], [0], length=500) for _ in range(8)]
        assert all((part.result() == wanted).all() for part in parts)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chrI\t5\t9", "3 columns; wants chromosome, start, end and value"),
        ("chrI\t5\t9\t1\t1", "5 columns; wants"),
        ("chrI\t5\t9\thigh", "'5 9 high'; wants whole numbers"),
        ("chrI\t5.5\t9\t1", "'5.5 9 1'; wants whole numbers"),
        ("chrI\t9\t5\t1", "9 to 5; wants"),
        ("chrI\t-1\t5\t1", "-1 to 5; wants"),
        ("chrI\t5\t9\tinf", "value inf; wants a finite number"),
        ("fixedStep chrom=chrI start=3 step=1", "a wiggle file; make it a bigWig"),
        ("chrI\t1\t3\t2", "overlaps line 1; a base has one value"),
        ("chrI 0 2 1", "overlaps line 1; a base has one value"),
        ("chrI\t5\t501\t1", "ends at 501, chrI has 500 bp; is this the right genome"),
    ],
)
def test_fault_of_bedgraph_is_told_by_file_and_line(line, message, tmp_path):
    (tmp_path / "a.bg").write_text(f"chrI\t0\t2\t1\n{line}\n")
    with pytest.raises(UserError, match=rf"a\.bg, line 2: {message}"):
        tracks.open(tmp_path / "a.bg", sizes=SIZES)


def test_files_that_are_none(rng, tmp_path):
    with pytest.raises(UserError, match="no such file"):
        tracks.open(tmp_path / "a.bw")
    (tmp_path / "a.bg").write_text("track\n")
    with pytest.raises(UserError, match="holds no value"):
        tracks.open(tmp_path / "a.bg")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"chrI\t0\t2\t1\n" * 9, mtime=0)[:-9])
    with pytest.raises(UserError, match=r"cut\.gz, line \d+: .* cut short"):
        tracks.open(tmp_path / "cut.gz")
    write_bigwig(tmp_path / "b.bw", random_entries(rng))
    whole = (tmp_path / "b.bw").read_bytes()
    (tmp_path / "b.bw").write_bytes(whole[:70])
    with pytest.raises(UserError, match=r"b\.bw: begins as a bigWig file"):
        tracks.open(tmp_path / "b.bw")


def test_bigwig_by_its_name_only(rng, tmp_path):
    (tmp_path / "a.bw").write_bytes(rng.bytes(3000))
    with pytest.raises(UserError, match=r"a\.bw: this is no bigWig file"):
        tracks.open(tmp_path / "a.bw")
    (tmp_path / "b.bw").write_text("chrI\t0\t2\t1.5\n" * 1)
    assert tracks.open(tmp_path / "b.bw").values(["chrI"], [0], length=3).tolist() == [
        [1.5, 1.5, 0]
    ]


def test_damaged_bigwig_is_told_when_it_is_read(rng, tmp_path, capfd):
    entries = [("chrI", i, i + 1, float(rng.normal())) for i in range(500)]
    write_bigwig(tmp_path / "b.bw", entries)
    damaged = bytearray((tmp_path / "b.bw").read_bytes())
    # The values are the largest block of the file; text in its midst is no zlib stream.
    damaged[len(damaged) // 4 : len(damaged) // 3] = b"x" * (len(damaged) // 3 - len(damaged) // 4)
    (tmp_path / "b.bw").write_bytes(damaged)
    opened = tracks.open(tmp_path / "b.bw")
    with pytest.raises(UserError, match=r"chrI:0-500 cannot be read; the file is cut short or"):
        opened.values(["chrI"], [0], length=500)
    capfd.readouterr()


def test_sections_of_every_kind_equal_pybigwig(rng, tmp_path):
    oracle = pytest.importorskip("pyBigWig")
    path = tmp_path / "a.bw"
    with oracle.open(str(path), "w") as out:
        out.addHeader([("chrI", 500), ("chrII", 90)])
        out.addEntries("chrI", [3, 20, 41], values=[1.5, -2.0, 0.0], span=7)  # variableStep
        out.addEntries(
            "chrI", 100, values=rng.normal(size=9).tolist(), span=3, step=11
        )  # fixedStep
        out.addEntries(["chrI", "chrI"], [300, 310], ends=[305, 311], values=[4.0, float("nan")])
        out.addEntries("chrII", 0, values=rng.normal(size=90).tolist(), span=1, step=1)
    opened, other = tracks.open(path), oracle.open(str(path))
    for chrom, size in opened.sizes.items():
        found = opened.values([chrom], [0], length=size, missing=np.nan)[0]
        np.testing.assert_array_equal(found, np.array(other.values(chrom, 0, size), np.float32))
        assert np.isfinite(opened.values([chrom], [0], length=size)).all()


def test_yeast_tags_equal_pybigwig(real_data, rng):
    oracle = pytest.importorskip("pyBigWig")
    path = real_data / "yeast" / "Reb1_chipexo_5prime.minus.bw"
    opened, other = tracks.open(path), oracle.open(str(path))
    for chrom in opened.sizes:
        starts = rng.integers(0, opened.sizes[chrom] - 1000, 20)
        found = opened.values([chrom] * 20, starts, length=1000, missing=np.nan)
        wanted = [other.values(chrom, int(start), int(start) + 1000) for start in starts]
        np.testing.assert_array_equal(found, np.array(wanted, np.float32))
