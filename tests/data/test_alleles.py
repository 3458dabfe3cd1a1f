"""REF against the genome, and both alleles against slow strings."""

import pytest

from cislens.data import alleles, genome
from cislens.data.variants import Variant
from cislens.errors import UserError


@pytest.fixture
def text_and_genome(rng, tmp_path):
    text = "".join(rng.choice(list("ACGTNacgt"), 60))
    (tmp_path / "g.fa").write_text(f">chr1\n{text}\n")
    return text.upper(), genome.open(tmp_path / "g.fa")


def test_alleles_equal_slow_strings(text_and_genome, rng):
    text, opened = text_and_genome
    found = []
    for number in range(200):
        start, size = int(rng.integers(0, 55)), int(rng.integers(1, 6))
        alt = "".join(rng.choice(list("ACGT"), rng.integers(1, 9)))
        found.append(Variant("chr1", start, text[start : start + size], alt, line=number))
    assert alleles.matches(opened, found).all()
    for length in (1, 8, 13):
        half = length // 2
        reference, alternative = alleles.windows(opened, found, length=length)
        for variant, one, other in zip(found, reference, alternative, strict=True):
            padded = "N" * 99 + text + "N" * 99
            place = 99 + variant.start
            wanted = padded[place - half : place - half + length]
            changed = padded[:place] + variant.alt + padded[place + len(variant.ref) :]
            assert "".join("ACGTN"[code] for code in one) == wanted
            assert "".join("ACGTN"[code] for code in other) == changed[place - half :][:length]


def test_another_genome_is_told(text_and_genome):
    text, opened = text_and_genome
    right = Variant("chr1", 7, text[7:9], "A", line=4)
    other = "A" if text[20] != "A" else "C"
    wrong = [Variant("chr1", 20, other, "T", line=5), Variant("chr1", 59, text[59] + "A", "T")]
    alleles.check(opened, [right], where="a.vcf")
    assert alleles.matches(opened, [wrong[0], right, wrong[1]]).tolist() == [False, True, False]
    message = (
        rf"a\.vcf, line 5: REF is {other} and .*g\.fa has {text[20]} at base 21 of chr1 \(2 of 3"
    )
    with pytest.raises(UserError, match=message):
        alleles.check(opened, [right, *wrong], where="a.vcf")
    with pytest.raises(UserError, match="ALT '<DEL>' is no sequence"):
        alleles.windows(opened, [right, right._replace(alt="<DEL>")], length=9)
