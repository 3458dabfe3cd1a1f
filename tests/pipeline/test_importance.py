"""Importance of the filters of a run, against scores of predictions made anew."""

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn import metrics

from cislens.data import dataset
from cislens.models import checkpoint, inference, layers
from cislens.motifs import knockout
from cislens.motifs.knockout_options import KnockoutOptions
from cislens.pipeline import importance
from cislens.pipeline.filters_options import Filters


def loaded_and_view(run):
    place = run / "models" / "exponential"
    return (
        place,
        checkpoint.load(place / "model.safetensors"),
        dataset.open(run / "task1.zarr").view("test"),
    )


def edited(model, view, number):
    """Predict with a bias that gives the filter a constant map: the naive way."""
    name = layers.readout(model, next(iter(layers.convolutions(model))))
    mean = inference.activations(model, view, layer=name).mean(dim=(0, 2))[number]

    def hook(_module, _inputs, output):
        return output.index_fill(1, torch.tensor([number]), float(mean))

    handle = layers.find(model, name).register_forward_hook(hook)
    predictions = torch.sigmoid(inference.predict(model, view).double()).numpy()
    handle.remove()
    return predictions


def test_scores_equal_scikit_learn_on_the_edited_network(untrained, tmp_path):
    place, loaded, view = loaded_and_view(untrained)
    importance.write(Filters(run=untrained, split="test"), place, loaded, view)
    table = pd.read_csv(place / "importance.csv").set_index(["name", "task"])
    before = torch.sigmoid(inference.predict(loaded.model, view).double()).numpy()
    truth = view.targets
    for number in (1, 7):
        after = edited(loaded.model, view, number)
        for task, name in enumerate(view.tasks):
            row = table.loc[f"filter_{number}", name]
            area, loss = (
                [score(truth[:, task], p[:, task]) for p in (before, after)]
                for score in (metrics.roc_auc_score, metrics.log_loss)
            )
            assert row["auroc_drop"] == pytest.approx(area[0] - area[1], abs=1e-6)
            assert row["loss_rise"] == pytest.approx(loss[1] - loss[0], abs=1e-5)
    summary = pd.read_csv(place / "importance_by_filter.csv")
    mean = table.groupby("filter")["loss_rise"].mean()
    np.testing.assert_allclose(summary["loss_rise"], mean)
    assert list(summary["name"]) == [f"filter_{i}" for i in range(24)]


def test_tasks_are_held_against_the_names_of_their_filters(untrained, capsys):
    place, loaded, view = loaded_and_view(untrained)
    table = importance.write(Filters(run=untrained), place, loaded, view)
    order = table[table["task"] == "SRF"].sort_values("absolute", ascending=False)["name"]
    matches = pd.DataFrame(
        {
            "query": [order.iloc[0], order.iloc[20]],
            "target_label": ["SRF", "SRF"],
            "e": [1e-4, 1e-3],
        }
    )
    importance.agree(place, table, matches, e_threshold=0.1)
    found = pd.read_csv(place / "agreement.csv")
    assert found["rank"].tolist() == [1, 21]
    assert "in 1 it is in the top tenth" in " ".join(capsys.readouterr().err.split())


def test_groups_are_replaced_together(untrained):
    place, loaded, view = loaded_and_view(untrained)
    importance.write(
        Filters(run=untrained, knockout=KnockoutOptions(groups=True)), place, loaded, view
    )
    table = pd.read_csv(place / "importance_groups.csv")
    alone = pd.read_csv(place / "importance.csv").set_index(["filter", "task"])["absolute"]
    row = table.iloc[0]
    parts = sum(alone[int(number), row["task"]] for number in row["filters"].split())
    assert row["alone"] == pytest.approx(parts)
    assert row["excess"] == pytest.approx(row["absolute"] / parts)


def test_some_sequences_and_the_positive_ones(untrained):
    place, loaded, view = loaded_and_view(untrained)
    chosen = Filters(
        run=untrained, knockout=KnockoutOptions(sequences=7, on="positive", replacement="zero")
    )
    importance.write(chosen, place, loaded, view)
    few = pd.read_csv(place / "importance.csv")
    assert few["auroc_drop"].isna().all()
    importance.write(chosen, place, loaded, view)
    pd.testing.assert_frame_equal(pd.read_csv(place / "importance.csv"), few)


def test_one_sequence_alone_has_changes_and_no_scores(untrained):
    place, loaded, view = loaded_and_view(untrained)
    chosen = Filters(run=untrained, knockout=KnockoutOptions(sequences=1, groups=True))
    table = importance.write(chosen, place, loaded, view)
    assert table["absolute"].notna().all()
    assert table[["absolute_scaled", "auroc_drop"]].isna().all(axis=None)


def test_another_part_than_the_filters_read(untrained):
    place, loaded, view = loaded_and_view(untrained)
    everything = Filters(run=untrained, split="all", knockout=KnockoutOptions(split="test"))
    found = importance.write(everything, place, loaded, view.dataset.view())
    wanted = importance.write(Filters(run=untrained), place, loaded, view)
    pd.testing.assert_frame_equal(found, wanted)


@pytest.mark.parametrize("objective", ["regression", "poisson"])
def test_measures_of_values(objective, untrained):
    _, loaded, view = loaded_and_view(untrained)
    found = knockout.filter_importance(
        loaded.model, view, comparison=importance.comparison(objective, view)
    )
    np.testing.assert_allclose(
        found.values["correlation_change_squared"], found.values["correlation_drop"] ** 2
    )
    assert set(found.overall) == {"loss_rise", "norm", "profile_change_squared"}
    assert np.isnan(found.overall["profile_change_squared"]).all()  # two tasks only
    assert np.isfinite(found.values["loss_rise"]).all()


def test_sure_predictions_keep_their_loss():
    loss = importance._loss("binary", np.array([[1.0], [1 - 1e-14]]), np.array([[0.0], [0.0]]))
    assert loss[0] == pytest.approx((53 * np.log(2) - np.log(1e-14)) / 2, rel=1e-3)
