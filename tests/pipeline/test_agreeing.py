"""The consensus of the maps of a folder."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from cislens.errors import UserError
from cislens.maps import store, truth
from cislens.pipeline import agreeing, attributing
from cislens.pipeline.attribute_options import Attribute
from cislens.sequence import consensus

NAMES = ("saliency", "ism")


@pytest.fixture(scope="module")
def folder(untrained, tmp_path_factory):
    out = tmp_path_factory.mktemp("maps")
    for method in NAMES:
        attributing.run(
            Attribute(models=untrained, out=out, method=method, targets="YY1", block_size=5)
        )
    agreeing.write(out, names=NAMES)
    return out


def test_it_is_that_of_all_networks_and_methods(folder):
    mine = [
        store.open(p) for p in sorted(folder.glob("*/*/YY1.zarr")) if "consensus" not in p.parts
    ]
    assert len(mine) == 4
    found = store.open(folder / "consensus" / "consensus" / "YY1.zarr")
    expected = consensus.consensus([maps.hypothetical() for maps in mine])
    np.testing.assert_allclose(found.values(), expected, atol=1e-6)
    np.testing.assert_allclose(found.outputs, np.mean([m.outputs for m in mine], axis=0), atol=1e-6)
    assert found.ids == mine[0].ids
    assert found.sites(0)
    assert [s[:4] for s in found.sites(0)] == [s[:4] for s in mine[0].sites(0)]
    assert len(found.header.provenance.options["maps"]) == 4


def test_truth_is_compared_with_its_importance(folder):
    path = folder / "consensus" / "consensus" / "YY1.zarr"
    maps, table = store.open(path), pd.read_csv(path.with_name("YY1.localisation.csv"))
    tracks = consensus.importance(maps.values(), maps.onehot())
    planted = truth.information(maps, range(len(maps))) > 0.01
    rows = [row for row in range(len(maps)) if planted[row].any()]
    assert rows
    for row in rows:
        wanted = metrics.roc_auc_score(planted[row], tracks[row])
        assert table["auroc"][row] == pytest.approx(wanted, abs=1e-3)


def test_again_it_is_left_alone_and_other_maps_are_refused(folder, untrained):
    path = folder / "consensus" / "consensus" / "YY1.zarr" / "zarr.json"
    before = path.stat().st_mtime_ns
    agreeing.write(folder, names=NAMES)
    assert path.stat().st_mtime_ns == before
    with pytest.raises(UserError, match="maps of other work"):
        agreeing.write(folder, names=NAMES[:1])
    with pytest.raises(UserError, match="make them first"):
        agreeing.write(folder, names=["occlusion"])


def test_other_sequences_are_refused(untrained, tmp_path):
    for name, top in (("a", 3), ("b", 4)):
        attributing.run(
            Attribute(
                models=untrained, out=tmp_path, method="saliency", name=name, targets=0, top=top
            )
        )
    with pytest.raises(UserError, match="same sequences"):
        agreeing.write(tmp_path, names=["a", "b"])
