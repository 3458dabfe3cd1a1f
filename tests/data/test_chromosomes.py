"""Chromosomes under several names."""

import pytest

from cislens.data import chromosomes
from cislens.errors import UserError

NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI".split()  # noqa: SIM905
YEAST = {f"chr{name}": 9 for name in (*NUMERALS, "M")}
HUMAN = {f"chr{n}": 9 for n in [*range(1, 23), "X", "Y", "M"]}


@pytest.mark.parametrize("form", ["chr{}", "{}", "Chr{}", "chr0{}"])
def test_arabic_names_find_roman_ones(form):
    names = [form.format(number) for number in range(1, 10)]
    found = chromosomes.match(names, YEAST, where="f")
    assert [found[name] for name in names] == list(YEAST)[:9]


def test_all_sixteen_and_the_mitochondrion():
    found = chromosomes.match([*(f"chr{n}" for n in range(1, 17)), "chrMito"], YEAST, where="f")
    assert found["chr10"] == "chrX"
    assert found["chr14"] == "chrXIV"
    assert found["chr16"] == "chrXVI"
    assert found["chrMito"] == "chrM"


def test_roman_names_find_arabic_ones():
    arabic = {str(n): 9 for n in range(1, 17)}
    found = chromosomes.match(["chrII", "chrIX", "chrX", "chrXVI"], arabic, where="f")
    assert found == {"chrII": "2", "chrIX": "9", "chrX": "10", "chrXVI": "16"}


def test_sex_chromosomes_are_no_numerals():
    found = chromosomes.match(["1", "X", "MT"], HUMAN, where="f")
    assert found == {"1": "chr1", "X": "chrX", "MT": "chrM"}
    with pytest.raises(UserError, match="'V' is none of the genome"):
        chromosomes.match(["V"], HUMAN, where="f")


def test_a_name_of_the_genome_stands_for_itself():
    found = chromosomes.match(["chrX", "chrIV"], YEAST, where="f")
    assert found == {"chrX": "chrX", "chrIV": "chrIV"}
    assert chromosomes.renamed(found) == ""


def test_table_of_aliases(tmp_path):
    path = tmp_path / "aliases.tsv"
    path.write_text("# sequenceName\talias\nchrIV\tNC_001136.10\tIV\n")
    aliases = chromosomes.read_aliases(path)
    found = chromosomes.match(["NC_001136.10"], YEAST, aliases=aliases, where="f")
    assert chromosomes.renamed(found) == "NC_001136.10 = chrIV"
    path.write_text("chrIV NC_001136.10\n")
    with pytest.raises(UserError, match=r"aliases\.tsv, line 1: one name"):
        chromosomes.read_aliases(path)


def test_unknown_and_doubled_names_are_refused():
    with pytest.raises(UserError, match="peaks: chromosome 'scaffold9' is none of the genome"):
        chromosomes.match(["chrI", "scaffold9"], YEAST, where="peaks")
    lines = {"chrI": 1, "a": 9, "b": 7}
    with pytest.raises(UserError, match="peaks, line 7: chromosome 'b' is none of the genome"):
        chromosomes.match(lines, YEAST, lines=lines, where="peaks")
    with pytest.raises(UserError, match="'4' and 'chr4' would both be 'chrIV'"):
        chromosomes.match(["chr4", "4"], YEAST, where="peaks")


def test_accessions_are_read_as_the_chromosomes_they_are_of():
    names = [f"NC_{1133 + n:06d}.{n}" for n in range(16)]
    found = chromosomes.match([*names, "NC_001224.1"], YEAST, where="f")
    assert list(found.values()) == list(YEAST)
    arabic = {f"chr{n}": 9 for n in range(1, 17)}
    assert list(chromosomes.match(names, arabic, where="f").values()) == list(arabic)
    human = chromosomes.match(["NC_000001.11", "NC_000023.11", "CM000686.2"], HUMAN, where="f")
    assert human == {"CM000686.2": "chrY", "NC_000001.11": "chr1", "NC_000023.11": "chrX"}
    worm = dict.fromkeys(["I", "II", "III", "IV", "V", "X", "MtDNA"], 9)
    found = chromosomes.match(["NC_003284.9", "NC_001328.1"], worm, where="f")
    assert found == {"NC_003284.9": "X", "NC_001328.1": "MtDNA"}
    fly = {"2L": 9, "4": 9, "mitochondrion_genome": 9}
    found = chromosomes.match(["chr2L", "NC_004353.4", "chrM"], fly, where="f")
    assert found == {"chr2L": "2L", "NC_004353.4": "4", "chrM": "mitochondrion_genome"}
    # Mitochondria of thale cress in RefSeq and in TAIR10 are not the same sequence.
    with pytest.raises(UserError, match=r"'NC_037304\.1' is none"):
        chromosomes.match(["NC_037304.1"], {"Chr1": 9, "ChrM": 9}, where="f")
    ncbi = {"NC_004354.4": 9, "NT_033779.5": 9}
    assert chromosomes.match(["chr2L"], ncbi, where="f") == {"chr2L": "NT_033779.5"}


def test_lengths_find_what_names_do_not():
    sizes = {"a": 5, "b": 7, "c": 7, "chrM": 16571}
    lengths = {"x": 5, "y": 7, "chrM": 16569}
    found = chromosomes.match(lengths, sizes, lengths=lengths, unknown="leave", where="f")
    assert found == {"x": "a"}
    with pytest.raises(UserError, match="chromosome 'chrM' is none"):
        chromosomes.match(["x", "chrM"], sizes, lengths=lengths, where="f")
    with pytest.raises(UserError, match="f: b has 8 bp, b of the genome 7; is this the right"):
        chromosomes.match(["b"], sizes, lengths={"b": 8}, unknown="leave", where="f")
