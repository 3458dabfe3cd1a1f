"""Names of discovered motifs."""

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.motifs.clusters import Cluster
from cislens.pipeline import motif_names
from cislens.pipeline.motif_names import Motif
from cislens.pipeline.options import MotifOptions
from cislens.sequence import pwm
from cislens.sequence.alphabet import DNA, RNA
from cislens.sequence.pwm import Pwm

CHOSEN = MotifOptions(database="jaspar2016", matches=2)


@pytest.fixture(scope="module")
def known():
    return motif_names.known(CHOSEN)


def found(motif):
    """A motif of 30 seqlets with these probabilities."""
    counts = motif.probabilities * 30
    none = np.zeros(30, np.int64)
    cluster = Cluster(
        none, none, none.astype(bool), none + np.float32(0.8), counts / 10, counts / 10, counts
    )
    return Motif(motif.name, 1, cluster, motif, np.arange(30))


@pytest.mark.parametrize(
    ("database", "taxon", "expected"),
    [
        ("jaspar2026", "fungi", "1,019 of jaspar2026, fungi"),
        ("JASPAR2024", "all", "1,019 of JASPAR2024, all taxa"),
        ("known.meme", "vertebrates", "1,019 of known.meme"),
    ],
)
def test_what_is_compared_with_is_said(database, taxon, expected):
    chosen = MotifOptions(database=database, taxon=taxon)
    assert motif_names.described(1019, chosen) == expected


def test_default_taxon_says_how_to_choose_another():
    said = motif_names.described(1019, MotifOptions())
    assert said.startswith("1,019 of jaspar2026, vertebrates (")
    assert "--motifs.taxon plants, fungi" in said


def test_unknown_database_names_its_option():
    with pytest.raises(UserError, match=r"^--motifs\.database='jaspar2025'"):
        motif_names.known(MotifOptions(database="jaspar2025"))


def test_a_known_motif_gets_its_name_and_family(known, tmp_path):
    max_ = next(motif for motif in known.pwms if motif.name == "MA0058.3")
    flat = Pwm("flat", np.full((4, 8), 0.25))
    motifs = [found(Pwm("pos1", max_.probabilities)), found(flat)]
    table = motif_names.write(tmp_path, motifs, known, CHOSEN, alphabet=DNA)
    assert table["label"].tolist() == ["MAX", ""]
    assert table["family"][0] == "bHLH-ZIP factors"
    assert table["seqlets"].tolist() == [30, 30]
    assert table["contribution"][0] == pytest.approx(3 * max_.width)
    again = pd.read_csv(tmp_path / "motifs.csv")
    assert again["q"].isna().tolist() == [False, True]
    matches = pd.read_csv(tmp_path / "matches.csv")
    assert matches["query"].value_counts().max() <= 2


def test_rna_is_compared_on_one_strand(known):
    word = next(motif for motif in known.pwms if motif.name == "MA0079.3")
    turned = pwm.reverse_complement(word)
    both = motif_names.matches([turned], known, CHOSEN, alphabet=DNA)
    assert both["target"].iloc[0] == "MA0079.3"
    one = motif_names.matches([turned], known, CHOSEN, alphabet=RNA)
    assert set(one["strand"]) <= {"+"}


def test_no_motif_is_an_empty_table(known, tmp_path):
    table = motif_names.write(tmp_path, [], known, CHOSEN, alphabet=DNA)
    assert list(table.columns) == motif_names.COLUMNS
    assert len(pd.read_csv(tmp_path / "motifs.csv")) == 0
