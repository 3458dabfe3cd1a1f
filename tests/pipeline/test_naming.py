"""Filters of a run as motifs."""

import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.motifs import tomtom
from cislens.pipeline import folder, naming
from cislens.pipeline.filters_options import Filters
from cislens.sequence import meme


def test_files_agree_with_each_other(finished):
    for name in ("relu", "exponential"):
        place = finished.out / "models" / name
        table = pd.read_csv(place / "filters.csv")
        live = table[table["state"] == "ok"]
        motifs = meme.read(place / "filters.meme")
        matches = pd.read_csv(place / "matches.csv")
        assert len(table) == 24
        assert [p.name for p in motifs] == list(live["name"])
        assert [p.nsites for p in motifs] == pytest.approx(list(live["nsites"]))
        assert set(matches["query"]) <= set(live["name"])
        assert (matches.groupby("query").size() <= 3).all()
        assert (matches["explained"] >= tomtom.NAMED_FROM).all()
        for target in matches["target"]:
            assert f"MOTIF {target}" in (place / "matched.meme").read_text()


def test_recovery_speaks_of_every_filter_and_factor(finished):
    for name in ("relu", "exponential"):
        place = finished.out / "models" / name
        recovery = folder.read_json(place / "recovery.json")
        assert set(recovery["per_filter"]) == set(pd.read_csv(place / "filters.csv")["name"])
        assert sorted(recovery["recovered"] + recovery["missed"]) == ["SRF", "YY1"]


def test_unknown_layer_is_refused(finished):
    with pytest.raises(UserError, match="layer"):
        naming.run(Filters(run=finished.out, layer="layer9"))
