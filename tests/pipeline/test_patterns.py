"""Patterns of TF-MoDISco in the form of discovered motifs."""

import dataclasses
import shutil

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.motifs import modisco
from cislens.motifs.clusters import Cluster
from cislens.pipeline import discovered, discovering, patterns
from cislens.pipeline.discover_options import Discover
from cislens.pipeline.options import MotifOptions
from cislens.sequence.alphabet import RNA


@pytest.fixture
def chosen(seeing, tmp_path):
    """Options for a copy, since its motifs are those of other tests."""
    shutil.copytree(seeing, tmp_path / "run")
    return Discover(
        run=tmp_path / "run",
        shuffled=20,
        engine="modisco",
        motifs=MotifOptions(database="jaspar2016"),
    )


@pytest.fixture
def pattern():
    rng = np.random.default_rng(0)
    cluster = Cluster(
        members=np.arange(3),
        starts=np.array([2, 1, 2]),
        flipped=np.array([False, True, False]),
        cosines=np.ones(3, np.float32),
        contributions=rng.random((4, 6)),
        hypothetical=rng.random((4, 6)),
        counts=np.eye(4)[:, [0, 3, 2, 0, 1, 3]] * 3,
    )
    return modisco.Pattern(
        1, np.array([4, 0, 2]), np.array([3, 8, 5]), np.array([12, 17, 14]), cluster
    )


def test_sites_lie_where_the_pattern_says(chosen, pattern, monkeypatch):
    found = modisco.Patterns([pattern, pattern._replace(sign=-1)], "")
    monkeypatch.setattr(patterns.modisco, "find", lambda *args, **kwargs: found)
    said = discovering.run(chosen)
    assert "2 motifs of 6 seqlets" in said
    (result,) = discovered.read(chosen.run)
    assert list(result.table["name"]) == ["pos1", "neg1"]
    table = pd.read_csv(result.path / "seqlets.csv")
    assert table["motif_start"].tolist() == [5, 9, 7] * 2
    assert table["motif_end"].tolist() == [11, 15, 13] * 2
    assert table["strand"].tolist() == ["+", "-", "+"] * 2
    assert [result.maps.ids.index(name) for name in table["sequence"]] == [4, 0, 2] * 2
    own = result.maps.projected()
    assert table["score"][0] == pytest.approx(own[4, 3:12].sum(), rel=1e-5)
    assert table["score"][3] == pytest.approx(-own[4, 3:12].sum(), rel=1e-5)


def test_nothing_is_told_with_its_reason(chosen, monkeypatch):
    found = modisco.Patterns([], "at most 100 seqlets passed")
    monkeypatch.setattr(patterns.modisco, "find", lambda *args, **kwargs: found)
    assert "no motif, as at most 100 seqlets passed" in discovering.run(chosen)
    assert (discovered.read(chosen.run)[0].path / "seqlets.csv").exists()


def test_rna_is_refused(chosen):
    maps = store.open(chosen.run / "attributions" / "made" / "saliency" / "AP1.zarr")
    maps.header = dataclasses.replace(maps.header, alphabet=RNA)
    with pytest.raises(UserError, match="RNA has not"):
        patterns.find(maps, chosen)
