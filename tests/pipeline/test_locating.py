"""Maps against planted truth."""

import numpy as np
import pandas as pd
from sklearn import metrics

from cislens.data import dataset
from cislens.maps import store
from cislens.pipeline import attributing, locating
from cislens.pipeline.attribute_options import Attribute


def test_a_table_stands_beside_the_store(untrained, tmp_path):
    out = attributing.run(Attribute(models=untrained, out=tmp_path, method="saliency"))
    assert "planted motifs: AUROC" in out
    folder = tmp_path / "relu" / "saliency"
    table = pd.read_csv(folder / "YY1.localisation.csv")
    maps = store.open(folder / "YY1.zarr")
    planted = dataset.open(untrained / "task1.zarr").placements.table
    ids = dataset.open(untrained / "task1.zarr").ids
    assert list(table["id"]) == maps.ids
    for row in range(len(maps)):
        mine = planted[planted["sequence"] == list(ids).index(maps.ids[row])]
        mask = np.zeros(200, bool)
        for site in mine[mine["motif"] == "MA0095.2"].itertuples():
            mask[site.start : site.end] = True
        if not mask.any():
            assert np.isnan(table["auroc"][row])
            continue
        wanted = metrics.roc_auc_score(mask, maps.projected()[row])
        # Columns of up to 0.01 bit are no truth; YY1's motif has none.
        assert abs(table["auroc"][row] - wanted) < 1e-12
    assert table["auroc"].notna().any()


def test_nothing_is_written_without_truth(untrained, tmp_path, monkeypatch):
    monkeypatch.setattr(attributing.planted, "motifs", lambda stored: ())
    chosen = Attribute(models=untrained, out=tmp_path, method="saliency", top=1, targets=0)
    attributing.run(chosen)
    assert not list(tmp_path.rglob("*.csv"))
    assert locating.write(tmp_path / "relu" / "saliency" / "SRF.zarr") is None
