"""Transcripts equal what was written, in both formats and on both strands; faults by line."""

import gzip
from dataclasses import replace

import pytest

from cislens.data import annotation, chromosomes, genome
from cislens.errors import UserError

COMPLEMENT = str.maketrans("ACGTN", "TGCAN")
DECODE = "ACGTN"


@pytest.fixture
def known(rng, tmp_path):
    """Write a genome and give its text and transcripts: id, gene, chrom, strand, exons, coding."""
    texts = {name: "".join(rng.choice(list("ACGTN"), 900)) for name in ("chrI", "chrII")}
    path = tmp_path / "g.fa"
    path.write_text("".join(f">{name}\n{text}\n" for name, text in texts.items()))
    transcripts = []
    for number in range(30):
        edges = np_sorted(rng, int(rng.integers(1, 5)))
        exons = list(zip(edges[::2], edges[1::2], strict=True))
        first, last = sorted(rng.choice(range(edges[0], edges[-1] + 1), 2, replace=False).tolist())
        coding = [(max(a, first), min(b, last)) for a, b in exons]
        transcripts.append(
            (
                f"t{number}", f"g{number // 2}", str(rng.choice(list(texts))),
                str(rng.choice(["+", "-"])), exons, [(a, b) for a, b in coding if a < b],
            )
        )  # fmt: skip
    return path, texts, transcripts


def np_sorted(rng, exons):
    return sorted(rng.choice(901, 2 * exons, replace=False).tolist())


def slow(text, strand, stretches):
    letters = "".join(text[place] for start, end in stretches for place in range(start, end))
    return letters.translate(COMPLEMENT)[::-1] if strand == "-" else letters


def rows(transcripts, *, gtf):
    for id_, gene, chrom, strand, exons, coding in transcripts:
        names = f'gene_id "{gene}"; transcript_id "{id_}";' if gtf else f"Parent={id_}"
        whole = names if gtf else f"ID={id_};Parent={gene};Name=n%20{id_}"
        kind = "transcript" if gtf else "mRNA"
        yield f"{chrom}\ts\t{kind}\t{exons[0][0] + 1}\t{exons[-1][1]}\t.\t{strand}\t.\t{whole}"
        for part, stretches in (("exon", exons), ("CDS", coding)):
            for start, end in stretches:
                yield f"{chrom}\ts\t{part}\t{start + 1}\t{end}\t.\t{strand}\t0\t{names}"


@pytest.mark.parametrize("gtf", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_transcripts_equal_what_was_written_in_any_order(known, gtf, end, rng, tmp_path):
    path, texts, transcripts = known
    lines = list(rows(transcripts, gtf=gtf))
    rng.shuffle(lines)
    text = end.join(["##gff-version 3", "# c", "", *lines, "###", ">chrI", "ACGT"])
    (tmp_path / "a.gff.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    found, left_out = annotation.read(tmp_path / "a.gff.gz")
    assert left_out == []
    opened = genome.open(path)
    by_id = {transcript.id: transcript for transcript in found}
    assert len(found) == len(transcripts)
    for id_, gene, chrom, strand, exons, coding in transcripts:
        one = by_id[id_]
        assert (one.gene, one.chrom, one.strand) == (gene, chrom, strand)
        assert one.name == ("" if gtf else f"n {id_}")
        assert list(one.exons) == exons
        wanted = {
            "spliced": exons,
            "coding": coding,
            "genomic": [(exons[0][0], exons[-1][1])],
        }
        for part, stretches in wanted.items():
            codes = annotation.sequence(opened, one, part=part)
            assert "".join(DECODE[code] for code in codes) == slow(texts[chrom], strand, stretches)
        assert one.tss == (exons[-1][1] - 1 if strand == "-" else exons[0][0])


def read(tmp_path, text, name="a.gff3"):
    (tmp_path / name).write_text(text)
    return annotation.read(tmp_path / name)


def gff(kind, first, last, strand, attributes, chrom="c"):
    return f"{chrom}\ts\t{kind}\t{first}\t{last}\t.\t{strand}\t.\t{attributes}\n"


def test_gene_of_a_gene_and_product_that_is_none(tmp_path):
    text = (
        gff("exon", 3, 9, "-", "Parent=r1,r2")
        + gff("CDS", 4, 6, "-", "ID=p;Parent=r1,r1-Protein")
        + gff("protein", 4, 6, "-", "ID=r1-Protein;Parent=g")
        + gff("gene", 1, 9, "-", "ID=g;Name=abf1%3B")
        + gff("mRNA", 3, 9, "-", "ID=r1;Parent=g")
        + gff("miRNA", 3, 9, "-", "ID=r2;Parent=r1")
    )
    found = annotation.read(_written(tmp_path, text)).transcripts
    assert [(t.id, t.kind, t.gene, t.gene_name) for t in found] == [
        ("r1", "mRNA", "g", "abf1;"),
        ("r2", "miRNA", "g", "abf1;"),
    ]
    assert found[0].exons == ((2, 9),)
    assert found[0].coding == ((3, 6),)


def _written(tmp_path, text):
    (tmp_path / "a.gff3").write_text(text)
    return tmp_path / "a.gff3"


def test_exons_of_coding_and_untranslated_parts_alone(tmp_path):
    text = gff("five_prime_UTR", 1, 4, "+", "Parent=m") + gff("CDS", 5, 9, "+", "Parent=m")
    (bacterial,) = read(tmp_path, gff("CDS", 5, 9, "+", "ID=x;locus_tag=b1;gene=thrA")).transcripts
    (one,) = read(tmp_path, text + gff("CDS", 21, 22, "+", "Parent=m")).transcripts
    assert one.exons == ((0, 9), (20, 22))
    assert one.coding == ((4, 9), (20, 22))
    assert (bacterial.id, bacterial.gene, bacterial.gene_name) == ("x", "b1", "thrA")
    (bare,) = read(tmp_path, gff("tRNA", 5, 9, "?", "ID=t")).transcripts
    assert (bare.exons, bare.strand, bare.coding) == (((4, 9),), ".", ())


def test_stop_codon_of_gtf_is_coding(tmp_path):
    names = 'gene_id "g"; gene_name "G 1"; transcript_id "t"; transcript_biotype "protein_coding";'
    text = (
        gff("gene", 1, 30, "-", 'gene_id "g"; gene_name "G 1";')
        + gff("exon", 1, 30, "-", names)
        + gff("CDS", 13, 24, "-", names)
        + gff("stop_codon", 10, 12, "-", names)
    )
    (one,) = read(tmp_path, text, name="a.gtf").transcripts
    assert one.coding == ((9, 24),)
    assert (one.gene, one.gene_name, one.kind) == ("g", "G 1", "protein_coding")


def test_what_is_no_stretch_of_rna_is_left_out_and_told(tmp_path):
    text = (
        gff("exon", 1, 4, "+", "Parent=a")
        + gff("exon", 9, 12, "-", "Parent=a")
        + gff("exon", 1, 4, "+", "Parent=b")
        + gff("exon", 4, 8, "+", "Parent=b")
        + gff("exon", 1, 4, "+", "Parent=c")
        # The same name on another chromosome is another transcript.
        + gff("exon", 1, 4, "+", "Parent=c", chrom="d")
    )
    found, left_out = read(tmp_path, text)
    assert [(t.id, t.chrom) for t in found] == [("c", "c"), ("c", "d")]
    assert left_out == [
        "a (line 1): its parts lie on both strands",
        "b (line 3): its exons overlap at 4",
    ]


GOOD = gff("exon", 1, 4, "+", "Parent=a")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (GOOD.replace("\t", " "), "line 2: 1 columns between tabs; GFF3 and GTF have 9"),
        (gff("exon", 0, 4, "+", "Parent=a"), "line 2: 0 to 4; wants a first base of 1"),
        (gff("exon", 5, 4, "+", "Parent=a"), "line 2: 5 to 4; wants"),
        (gff("exon", "five", 9, "+", "Parent=a"), "line 2: five to 9; wants"),
        (gff("exon", 1, 4, "*", "Parent=a"), r"line 2: strand '\*'"),
        (gff("exon", 1, 4, "+", "Name=a"), "line 2: exon without a transcript; wants Parent"),
        (
            gff("mRNA", 1, 4, "+", "ID=m") + gff("mRNA", 1, 4, "+", "ID=m"),
            "line 3: m stood on c before, in line 2",
        ),
    ],
)
def test_fault_is_told_by_file_and_line(line, message, tmp_path):
    with pytest.raises(UserError, match=rf"a\.gff3, {message}"):
        read(tmp_path, GOOD + line)


def test_other_faults(tmp_path):
    with pytest.raises(UserError, match="line 1: exon without a transcript; wants transcript_id"):
        read(tmp_path, gff("exon", 1, 4, "+", 'gene_id "g";'))
    with pytest.raises(UserError, match="holds no transcript"):
        read(tmp_path, "##gff-version 3\n")
    with pytest.raises(UserError, match="holds no transcript"):
        read(tmp_path, gff("gene", 1, 4, "+", "ID=g"))
    with pytest.raises(UserError, match="no such file"):
        annotation.read(tmp_path / "none.gtf")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(GOOD.encode() * 999, mtime=0)[:-12])
    with pytest.raises(UserError, match=r"cut\.gz, line \d+: .* cut short"):
        annotation.read(tmp_path / "cut.gz")


def test_transcripts_under_the_names_of_the_genome(known, tmp_path):
    opened = genome.open(known[0])
    written = read(tmp_path, gff("exon", 1, 900, "-", "Parent=a", chrom="II")).transcripts
    (one,) = annotation.located(written, opened.sizes, where="a.gff3")
    assert one.chrom == "chrII"
    (row,) = annotation.table([one]).itertuples(index=False)
    assert (row.chrom, row.start, row.end, row.tss, row.spliced_length) == (
        "chrII",
        0,
        900,
        899,
        900,
    )
    beyond = read(tmp_path, gff("exon", 1, 901, "-", "Parent=a", chrom="chrII")).transcripts
    with pytest.raises(UserError, match=r"a\.gff3, line 1: a ends at 901, chrII has 900 bp"):
        annotation.located(beyond, opened.sizes, where="a.gff3")
    with pytest.raises(UserError, match=r"a\.gff3, line 1: chromosome 'Q' is none"):
        annotation.located([replace(one, chrom="Q")], opened.sizes, where="a.gff3")
    with pytest.raises(UserError, match="a: ends at 901, chrII of"):
        annotation.sequence(opened, beyond[0])
    with pytest.raises(UserError, match="part='exons': wants one of genomic, spliced, coding"):
        annotation.sequence(opened, one, part="exons")
    with pytest.raises(UserError, match="chromosome 'II'"):
        annotation.sequence(opened, written[0])


def test_chromosomes_are_found_by_the_lengths_a_file_tells(tmp_path):
    head = "##sequence-region CP0.1 1 60\n##sequence-region   I 1 7\n##sequence-region x 5 9\n"
    path = tmp_path / "a.gff3"
    text = gff("exon", 1, 4, "+", "Parent=a", chrom="CP0.1")
    path.write_text(head + text + gff("exon", 1, 4, "+", "Parent=b", chrom="I"))
    assert chromosomes.read_regions(path) == {"CP0.1": 60, "I": 7}
    found = annotation.read(path).transcripts
    sizes = {"chrI": 50, "chrII": 60}
    located = annotation.located(
        found, sizes, lengths=chromosomes.read_regions(path), where="a.gff3"
    )
    assert [transcript.chrom for transcript in located] == ["chrII", "chrI"]
    with pytest.raises(UserError, match=r"a\.gff3, line 4: chromosome 'CP0\.1' is none"):
        annotation.located(found, sizes, where="a.gff3")


def test_yeast_transcripts(real_data):
    found, left_out = annotation.read(real_data / "yeast" / "orf_transcripts.gff3")
    assert (len(found), left_out) == (5171, [])
    opened = genome.open(real_data / "yeast" / "sacCer3.fa")
    located = annotation.located(found, opened.sizes, where="orf_transcripts.gff3")
    assert {transcript.chrom for transcript in located} <= set(opened.sizes)
