"""From an annotation and a table: which transcript gets which row."""

from pathlib import Path

import numpy as np
import pytest

from cislens.data import dataset
from cislens.errors import UserError
from cislens.pipeline import building, options
from cislens.pipeline.genome_options import GenomeOptions, PeakOptions
from cislens.pipeline.transcript_options import TranscriptOptions

ROWS = [
    ("mRNA", 201, 300, "+", "ID=t1;Parent=g1;Name=one"),
    ("mRNA", 201, 420, "+", "ID=t2;Parent=g1;Name=two"),
    ("mRNA", 501, 600, "-", "ID=t3;Parent=g2;Name=three"),
    ("tRNA", 701, 780, "-", "ID=t4;Parent=g3;Name=four"),
]


@pytest.fixture
def place(rng, tmp_path):
    (tmp_path / "g.fa").write_text(f">chrI\n{''.join(rng.choice(list('ACGT'), 1000))}\n")
    genes = [
        ("gene", a, b, s, f"ID=g{n}")
        for n, (a, b, s) in enumerate([(201, 420, "+"), (501, 600, "-"), (701, 780, "-")], 1)
    ]
    lines = [f"chrI\tx\t{k}\t{a}\t{b}\t.\t{s}\t.\t{more}\n" for k, a, b, s, more in genes + ROWS]
    (tmp_path / "a.gff3").write_text("##gff-version 3\n" + "".join(lines))
    (tmp_path / "t.tsv").write_text(
        "id\tx\ty\nt3\t3\t1\nt1\t1\tNA\ng1\t7\t0\nt4\t4\t1\nother\t9\t9\n"
    )
    return tmp_path


def build(place, **changed):
    given = {"file": place / "a.gff3", "table": place / "t.tsv", "target_columns": ["x", "y"]}
    chosen = TranscriptOptions(**given | {"upstream": 50, "downstream": 20} | changed)
    out = place / "d.zarr"
    split = options.SplitOptions(fractions=[0.4, 0.3, 0.3])
    building.write(
        place / "g.fa", GenomeOptions(transcripts=chosen), out, split=split, seed=0, overwrite=True
    )
    return dataset.open(out)


def test_rows_go_to_the_transcripts_they_name(place):
    stored = build(place)
    assert stored.ids.tolist() == ["t1", "t3", "t4"]
    np.testing.assert_array_equal(stored.targets, [[1, np.nan], [3, 1], [4, 1]])
    assert stored.target_kind == "continuous"
    assert stored.intervals.iloc[1].tolist() == ["chrI", 580, 650, "-"]
    assert stored.provenance["windows"]["upstream"] == 50


def test_the_longest_transcript_stands_for_its_gene(place):
    (place / "t.tsv").write_text("gene\tx\ng1\t1\ng2\t0\ng3\t1\n")
    stored = build(place, id_column="gene", match="gene", target_columns=["x"])
    assert stored.ids.tolist() == ["t2", "t3", "t4"]
    assert stored.target_kind == "binary"


def test_kinds_and_ends(place):
    (place / "t.tsv").write_text("id\tx\nt1\t1\nt2\t0\nt3\t1\nt4\t1\n")
    stored = build(place, kinds=["mRNA"], target_columns=["x"], anchor="end", alphabet="RNA")
    assert stored.ids.tolist() == ["t1", "t2", "t3"]
    assert stored.alphabet.name == "RNA"
    assert stored.intervals.iloc[0].tolist() == ["chrI", 250, 320, "+"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kinds": ["lncRNA"]}, r"transcripts.kinds=\['lncRNA'\]: .* has mRNA, tRNA"),
        ({"match": "gene_name"}, "no id such as 't3' is a transcript's gene_name"),
        ({"target_columns": ["z"]}, "no column 'z'; columns are id, x, y"),
        ({"upstream": 0, "downstream": 0}, "upstream=0, downstream=0"),
        ({"target_kind": "binary"}, "binary targets are 0 or 1"),
    ],
)
def test_what_does_not_fit_is_told(place, changed, told):
    with pytest.raises(UserError, match=told):
        build(place, **changed)
    assert not (place / "d.zarr").exists()


def test_a_name_that_stands_twice_is_told(place):
    with (place / "t.tsv").open("a") as stream:
        stream.write("t3\t1\t1\n")
    with pytest.raises(UserError, match=r"t.tsv, line 7: t3 stands there twice"):
        build(place)


def test_peaks_or_transcripts():
    with pytest.raises(UserError, match="one of them is wanted"):
        GenomeOptions()
    chosen = TranscriptOptions(Path("a"), Path("b"), ["x"])
    with pytest.raises(UserError, match="one of them is wanted, and only one"):
        GenomeOptions(peaks=PeakOptions(files=[]), transcripts=chosen)
