"""Variants as the file has them; faults by line."""

import gzip

import pytest

from cislens.data import variants
from cislens.data.variants import Variant
from cislens.errors import UserError

HEAD = "##fileformat=VCFv4.2\n##contig=<ID=1,assembly=x,length=60>\n##contig=<ID=2>\n#CHROM\tPOS\n"


def written(tmp_path, *lines, head=HEAD, name="a.vcf"):
    path = tmp_path / name
    text = head + "".join(f"{line}\n" for line in lines)
    path.write_bytes(
        gzip.compress(text.encode(), mtime=0) if name.endswith("gz") else text.encode()
    )
    return path


@pytest.mark.parametrize("name", ["a.vcf", "a.vcf.gz"])
def test_each_allele_is_a_variant(name, tmp_path):
    path = written(
        tmp_path, "1\t4\trs1\tAc\tt,ACG,<DEL>,*\t.\t.\t.\r", "", "2\t1\t.\tN\tG]1:7]", name=name
    )
    assert list(variants.read(path)) == [
        Variant("1", 3, "AC", "T", "rs1", 5),
        Variant("1", 3, "AC", "ACG", "rs1", 5),
        Variant("1", 3, "AC", "<DEL>", "rs1", 5),
        Variant("1", 3, "AC", "*", "rs1", 5),
        Variant("2", 0, "N", "G]1:7]", "", 7),
    ]
    assert [variant.spelled for variant in variants.read(path)] == [True, True, False, False, False]
    assert variants.contigs(path) == {"1": 60}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 4 . A T", "1 columns between tabs"),
        ("1\t4\t.\tA", "4 columns between tabs"),
        ("1\tx\t.\tA\tT", "POS 'x'; wants"),
        ("1\t0\t.\tA\tT", "POS '0'; wants"),
        ("1\t4\t.\tR\tT", "REF 'R'; wants bases"),
        ("1\t4\t.\t\tT", "REF ''; wants bases"),
        ("1\t4\t.\tA\tT,", "ALT ''; wants bases"),
        ("1\t4\t.\tA\tTQ", "ALT 'TQ'; wants bases"),
    ],
)
def test_fault_is_told_by_file_and_line(line, message, tmp_path):
    with pytest.raises(UserError, match=rf"a\.vcf, line 6: {message}"):
        list(variants.read(written(tmp_path, "1\t4\t.\tA\tT", line)))


def test_file_that_is_none(tmp_path):
    with pytest.raises(UserError, match="line 1: no header before it"):
        list(variants.read(written(tmp_path, "1\t4\t.\tA\tT", head="")))
    with pytest.raises(UserError, match=r"a\.vcf: no header"):
        list(variants.read(written(tmp_path, head="")))
    path = written(tmp_path, *["1\t4\t.\tA\tT"] * 99, name="a.vcf.gz")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(UserError, match=r"a\.vcf\.gz, line \d+: .* cut short"):
        list(variants.read(path))


def test_names_and_ends_are_those_of_the_genome():
    sizes = {"chr1": 60, "chr2": 9}
    found = [Variant("1", 7, "A", "T"), Variant("2", 8, "A", "T"), Variant("1", 9, "A", "T")]
    renamed = variants.located(found, sizes, lengths={"1": 60, "Un": 3}, where="a.vcf")
    assert [variant.chrom for variant in renamed] == ["chr1", "chr2", "chr1"]
    with pytest.raises(UserError, match=r"a\.vcf: 1 has 61 bp, chr1 of the genome 60"):
        list(variants.located(found, sizes, lengths={"1": 61}, where="a.vcf"))
    with pytest.raises(UserError, match=r"a\.vcf, line 8: chromosome 'Q' is none"):
        list(variants.located([*found, Variant("Q", 8, "A", "T", line=8)], sizes, where="a.vcf"))
    with pytest.raises(UserError, match=r"a\.vcf, line 3: ends at 10, chr2 has 9 bp"):
        list(variants.located([Variant("2", 8, "AA", "T", line=3)], sizes, where="a.vcf"))
