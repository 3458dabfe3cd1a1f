"""Scores along the genome, against one base after the other."""

import itertools

import numpy as np
import pybigtools
import pytest

from cislens.errors import UserError
from cislens.maps import genome, store, writer
from cislens.maps.sequences import Sequences


def slow(maps):
    """Collect the scores of every base, and take means."""
    found = {}
    for row, track in enumerate(maps.projected()):
        chrom, start, _, strand = (column[row] for column in maps.places)
        if not chrom or start < 0:
            continue
        for offset, score in enumerate(track[::-1] if strand == "-" else track):
            found.setdefault((str(chrom), int(start) + offset), []).append(np.float64(score))
    return {place: np.float32(np.mean(scores)) for place, scores in found.items()}


@pytest.fixture
def piled(making, tmp_path, rng, monkeypatch):
    """Forty maps that overlap, touch, repeat and leave gaps, in any order, on three chromosomes."""
    monkeypatch.setattr(genome, "AT_ONCE", 7)
    count = 40
    start = rng.integers(0, 90, count)
    start[[3, 11]] = -1
    columns = {
        "chrom": rng.integers(-1, 3, count).astype(np.int32),
        "start": start,
        "end": np.where(start < 0, -1, start + making.LENGTH),
        "strand": rng.integers(0, 3, count).astype(np.uint8),
    }
    header = making.dataclasses.replace(
        making.header(count, block=16), chromosomes=("chr2", "chr10", "chrX")
    )
    names = Sequences([f"s{i}" for i in range(count)], columns)
    with writer.begin(tmp_path / "piled.zarr", header, names) as made:
        for rows in made.missing():
            made.write(rows, making.block(rows))
    return store.open(tmp_path / "piled.zarr")


def test_stretches_are_sorted_and_their_scores_are_means(piled):
    wanted, found = slow(piled), {}
    before = ("", -1)
    for chrom, start, scores in genome.stretches(piled):
        assert (chrom, start) > before
        found |= {(chrom, start + i): score for i, score in enumerate(scores)}
        before = (chrom, start + len(scores) - 1)
    assert found.keys() == wanted.keys()
    assert len(wanted) < 40 * 6
    for place, score in wanted.items():
        assert found[place] == pytest.approx(score, rel=1e-6)


def test_a_bigwig_reads_back_as_it_was_written(piled, tmp_path):
    genome.write_bigwig(piled, tmp_path / "a.bw")
    with pybigtools.open(str(tmp_path / "a.bw")) as file:
        read = {
            (chrom, base): np.float32(score)
            for chrom in file.chroms()
            for start, end, score in file.records(chrom)
            for base in range(start, end)
        }
        ends = piled.places
        sizes = {c: int(ends.end[ends.chrom == c].max()) for c in ("chr2", "chr10", "chrX")}
        assert dict(file.chroms()) == sizes
    assert read == {
        (chrom, start + i): score
        for chrom, start, scores in genome.stretches(piled)
        for i, score in enumerate(scores)
    }


def test_a_bedgraph_has_the_scores_and_the_order_of_sort(piled, tmp_path):
    genome.write_bedgraph(piled, tmp_path / "a.bedGraph")
    rows = [line.split("\t") for line in (tmp_path / "a.bedGraph").read_text().splitlines()]
    assert rows == sorted(rows, key=lambda row: (row[0], int(row[1])))
    for one, other in itertools.pairwise(rows):
        assert one[0] != other[0] or int(one[2]) <= int(other[1])
    found = {
        (chrom, base): np.float32(score)
        for chrom, start, end, score in rows
        for base in range(int(start), int(end))
    }
    assert found == {
        (chrom, start + i): score
        for chrom, start, scores in genome.stretches(piled)
        for i, score in enumerate(scores)
    }


def test_sizes_come_from_a_file(piled, tmp_path):
    (tmp_path / "sizes").write_text("chrX 500\n\nchr10\t400\textra\nchr2\t300\nchrM\t9\n")
    genome.write_bigwig(piled, tmp_path / "a.bw", chromosome_sizes=tmp_path / "sizes")
    with pybigtools.open(str(tmp_path / "a.bw")) as file:
        assert {c: file.chroms()[c] for c in ("chr2", "chr10", "chrX")} == {
            "chr2": 300, "chr10": 400, "chrX": 500,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chr2\t300\n", "no chr10, where sequences lie; it has chr2"),
        ("chr2 300\nchr10 400\nchrX 20\n", "chrX has 20 bp, a sequence ends at"),
        ("chr2 300\nchr10 many\n", "line 2: 'chr10 many'"),
        (None, "no such file"),
    ],
)
def test_wrong_sizes_are_refused(piled, tmp_path, text, said):
    if text is not None:
        (tmp_path / "sizes").write_text(text)
    with pytest.raises(UserError, match=said):
        genome.write_bigwig(piled, tmp_path / "a.bw", chromosome_sizes=tmp_path / "sizes")
    assert not (tmp_path / "a.bw").exists()


def test_sequences_without_intervals_are_refused(making, tmp_path):
    header = making.dataclasses.replace(making.header(1), chromosomes=())
    with writer.begin(tmp_path / "a.zarr", header, Sequences(["a"], {})) as made:
        made.write(slice(0, 1), making.block(slice(0, 1)))
    maps = store.open(tmp_path / "a.zarr")
    for write in (genome.write_bedgraph, genome.write_bigwig):
        with pytest.raises(UserError, match="no sequence has an interval"):
            write(maps, tmp_path / "a.out")


def test_an_interval_of_another_length_is_refused(making, tmp_path):
    names = making.sequences()
    names.columns["end"][4] += 1
    with writer.begin(tmp_path / "a.zarr", making.header(), names) as made:
        for rows in made.missing():
            made.write(rows, making.block(rows))
    with pytest.raises(UserError, match="s4 lies at 16 to 23 and has 6 bp"):
        list(genome.stretches(store.open(tmp_path / "a.zarr")))
