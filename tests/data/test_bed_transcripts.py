"""Transcripts of BED with blocks equal those of GTF; faults by line."""

import gzip

import pytest

from cislens.data import annotation, bed_transcripts
from cislens.errors import UserError


def line(**fields):
    row = {
        "chrom": "c", "start": 10, "end": 40, "name": "t1", "score": 0, "strand": "-",
        "thick_start": 15, "thick_end": 33, "rgb": 0, "count": 2, "sizes": "10,12,",
        "starts": "0,18,",
    }  # fmt: skip
    return "\t".join(map(str, (row | fields).values()))


def gtf(kind, start, end, id_="t1"):
    return f'c\ts\t{kind}\t{start + 1}\t{end}\t.\t-\t.\ttranscript_id "{id_}";\n'


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_blocks_are_exons_as_of_gtf(end, tmp_path):
    bare = line(name="t2", thick_start=10, thick_end=10, count=1, sizes="30", starts="0")
    text = end.join(["track name=x", line(), "", bare, ""])
    (tmp_path / "a.bed.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    one, other = bed_transcripts.read(tmp_path / "a.bed.gz")
    (tmp_path / "a.gtf").write_text(
        gtf("exon", 10, 20) + gtf("exon", 28, 40) + gtf("CDS", 15, 20) + gtf("CDS", 28, 33)
    )
    (wanted,) = annotation.read(tmp_path / "a.gtf").transcripts
    for name in ("id", "chrom", "strand", "exons", "coding", "tss", "spliced_length", "kind"):
        assert getattr(one, name) == getattr(wanted, name)
    assert (other.exons, other.coding, other.line) == (((10, 40),), (), 4)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"count": 3}, "3 blocks, 2 sizes and 2 starts"),
        ({"starts": "0,18,20"}, "2 blocks, 2 sizes and 3 starts"),
        ({"sizes": "10,x"}, "'x' is no whole number"),
        ({"sizes": ""}, "'' is no whole number"),
        ({"thick_start": -1}, "'-1' is no whole number"),
        ({"sizes": "10,11"}, "blocks from 10 to 39 of 10 to 40; wants"),
        ({"starts": "1,18"}, "blocks from 11 to 40 of 10 to 40; wants"),
        ({"sizes": "19,12"}, "blocks overlap or are empty"),
        ({"sizes": "0,12"}, "blocks overlap or are empty"),
        ({"end": 10}, "10 to 10; wants"),
    ],
)
def test_fault_is_told_by_file_and_line(fields, message, tmp_path):
    (tmp_path / "a.bed").write_text(f"{line()}\n{line(**fields)}\n")
    with pytest.raises(UserError, match=rf"a\.bed, line 2: {message}"):
        bed_transcripts.read(tmp_path / "a.bed")


def test_fewer_columns_are_no_blocks(tmp_path):
    (tmp_path / "a.bed").write_text("c\t1\t5\n")
    with pytest.raises(UserError, match="line 1: 3 columns; wants 12"):
        bed_transcripts.read(tmp_path / "a.bed")
