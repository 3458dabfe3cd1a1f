"""Which maps a page shows, and what it says of them."""

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.report import map_folder


def test_a_run_without_maps_has_none(run_folder):
    assert map_folder.read(run_folder) is None
    with pytest.raises(UserError, match="no maps to show"):
        map_folder.read(run_folder, sequences=["s1"])


def test_the_highest_mean_outputs_come_first(run_with_maps):
    found = map_folder.read(run_with_maps)
    assert [(s.target, s.id) for s in found.shown] == [
        (target, name) for target in ("MAX", "SP1") for name in ("s3", "s2", "s1")
    ]
    tracks = found.shown[0].tracks
    assert [(t.name, t.model) for t in tracks] == [
        ("deeplift_shap", "exponential"), ("deeplift_shap", "relu"),
        ("ism", "exponential"), ("ism", "relu"),
    ]  # fmt: skip
    assert [t.output for t in tracks] == [3.0, 3.0, 3.0, 3.0]


def test_a_track_is_the_projected_map_of_its_row(run_with_maps):
    shown = map_folder.read(run_with_maps).shown[1]
    path = run_with_maps / "attributions" / "relu" / "ism" / f"{shown.target}.zarr"
    maps = store.open(path)
    row = maps.ids.index(shown.id)
    assert np.array_equal(shown.tracks[3].scores, maps.projected()[row])
    assert np.array_equal(shown.codes, maps.codes()[row])
    assert shown.tracks[0].missed == pytest.approx(2e-6)
    assert shown.tracks[3].missed is None


def test_truth_is_of_the_target(run_with_maps):
    by_name = {(s.target, s.id): s for s in map_folder.read(run_with_maps).shown}
    # Rows 0 and 2 hold SP1, row 1 holds MAX.
    assert by_name["SP1", "s1"].mine == {0}
    assert by_name["MAX", "s1"].mine == set()
    assert by_name["SP1", "s1"].tracks[0].auroc > 0.95
    assert np.isnan(by_name["MAX", "s1"].tracks[0].auroc)
    assert by_name["MAX", "s1"].sites[0].label == "SP1"


def test_agreement_is_the_mean_over_sequences_that_have_one(run_with_maps):
    scores = map_folder.read(run_with_maps).scores
    assert [(row.name, row.model) for row in scores][:2] == [
        ("deeplift_shap", "exponential"),
        ("deeplift_shap", "relu"),
    ]
    assert scores[0].auroc == pytest.approx(0.875)
    assert scores[0].aupr == pytest.approx(0.6)
    assert scores[0].base_rate == pytest.approx(0.15)
    assert scores[0].sequences == 4


def test_notes_that_differ_in_a_number_are_said_once(run_with_maps):
    made = map_folder.read(run_with_maps).made
    assert [entry.name for entry in made] == ["deeplift_shap", "ism"]
    assert made[0].notes == ["off by 0.5 in a sample"]
    assert made[0].reference == "20 dinucleotide shuffles"


def test_many_targets_share_the_page(run_folder, write_maps_of):
    for number in range(15):
        write_maps_of("relu", f"T{number:02d}")
    found = map_folder.read(run_folder)
    assert len(found.shown) == map_folder.MOST
    assert [s.id for s in found.shown] == ["b"] * map_folder.MOST


def test_named_sequences_are_shown_for_every_target(run_with_maps):
    found = map_folder.read(run_with_maps, sequences=["s1"])
    assert [(s.target, s.id) for s in found.shown] == [("MAX", "s1"), ("SP1", "s1")]
    with pytest.raises(UserError, match=r"'s9' has no map in .*--sequences '\[s9\]'"):
        map_folder.read(run_with_maps, sequences=["s1", "s9"])


def test_a_name_of_other_bases_is_left_out(run_folder, write_maps_of):
    write_maps_of("exponential", "T", length=60)
    write_maps_of("relu", "T", length=50)
    shown = map_folder.read(run_folder).shown[0]
    assert [track.model for track in shown.tracks] == ["exponential"]
