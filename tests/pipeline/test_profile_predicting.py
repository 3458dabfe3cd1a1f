"""Predicted tracks: what a bigWig file holds, base by base; run as a user does in tests/cli."""

from pathlib import Path

import numpy as np
import pytest
import torch

from cislens.data import dataset, profiles, tracks
from cislens.models import checkpoint, spec
from cislens.models import profiles as predicting
from cislens.pipeline import profile_predicting, verbs


def test_names_of_files():
    out = Path("a/b.bw")
    found = profile_predicting.names(out, ("x", "y/z"), 2)
    assert [path.name for path in found] == [
        "b.x.plus.bw", "b.x.minus.bw", "b.y_z.plus.bw", "b.y_z.minus.bw",
    ]  # fmt: skip
    assert profile_predicting.names(out, ("x",), 1) == [Path("a/b.x.bw")]


@pytest.mark.parametrize("both", [False, True])
def test_files_hold_the_expected_counts_of_every_window(profile_dataset, tmp_path, both):
    stored = dataset.open(profile_dataset())
    recipe = spec.Recipe(
        "tseng-profile",
        input_length=366,
        tasks=("made",),
        objective="profile",
        options={"width_multiplier": 0.1, "strands": 2, "control": "none"},
    )
    torch.manual_seed(0)
    loaded = checkpoint.Checkpoint(spec.build(recipe).eval(), recipe, {})
    asked = verbs.Predict(Path(), stored.path, tmp_path / "p.bw", both_strands=both)
    told = profile_predicting.run(asked, loaded).splitlines()
    assert told == [str(tmp_path / f"p.made.{strand}.bw") for strand in ("plus", "minus")]
    assert sorted(path.name for path in tmp_path.glob("p.*")) == [
        "p.made.minus.bw",
        "p.made.plus.bw",
    ]
    found = profiles.read(stored.view(), slice(None))
    one = predicting.predict(loaded.model, found.codes)
    other = predicting.predict_other_strand(loaded.model, found.codes, strands=2)
    if both:
        one = predicting.Predicted(*((a + b) / 2 for a, b in zip(one, other, strict=True)))
    places = stored.intervals
    for number, path in enumerate(told):
        written = tracks.open(path).values(
            places["chrom"].to_numpy(), places["start"].to_numpy() + 173, length=20, missing=np.nan
        )
        # Windows of these files do not overlap.
        np.testing.assert_allclose(written, one.counts[:, number], rtol=1e-4, atol=1e-6)
