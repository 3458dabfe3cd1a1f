"""The control of Koo & Ploenzke 2021 that watches the gradient of the first layer in training."""

import copy
import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional

from cislens.benchmarks import _koo_grid, _koo_networks, _koo_trials
from cislens.benchmarks._koo_scale import Scale
from cislens.data import dataset
from cislens.data.dataset import SequenceView
from cislens.jobs.plan import Piece
from cislens.jobs.store import Place
from cislens.pipeline import folder
from cislens.sequence import onehot as onehots
from cislens.training import fit, state
from cislens.training.options import FitOptions

Options = Mapping[str, Any]

SEEDS = 3
"""Trials, as published."""
QUANTILES = {"lowest": 0.0, "q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
EARLY = 20
"""Epochs in which the gradient is largest, by the published figure."""
_BATCH = 500
_NOTES = "gradients.csv"


def follow(given: Options, place: Place) -> dict[str, Any]:
    """Train as `_koo_trials.train` does, and look at the gradient after each epoch.

    Options: those of `train`. Leaves ``gradients.csv``: for each epoch the mean, standard
    deviation and quantiles of the gradient of the loss over the whole training set, penalty
    included, with respect to the first kernels, and what the fit notes. The network is in
    evaluation mode, so that one loss is that of one set of weights; dropout is left out.
    """
    stored = dataset.open(place.needed[0].folder / _koo_trials.DATA)
    described = _koo_trials.recipe_of(given, stored)
    model = _koo_networks.build(described, first=given.get("first", {}), seed=given["seed"])
    options = FitOptions(**given["fit"])
    train, notes = stored.view("train"), place.scratch / _NOTES
    rows = pd.read_csv(notes).to_dict("records") if notes.exists() else []
    with _koo_trials.one_thread():
        while True:
            # The fit goes on from its state on disk: one more epoch is one more epoch.
            result = fit.fit(
                model,
                train,
                stored.view("validation"),
                objective="binary",
                options=dataclasses.replace(options, epochs=min(len(rows) + 1, options.epochs)),
                folder=place.scratch,
                seed=given["seed"],
                progress=False,
            )
            epoch = len(result.history)
            if epoch == len(rows):
                break
            rows.append({"epoch": epoch, **_described(_latest(model, place), train, options.l2)})
            folder.write_table(notes, pd.DataFrame(rows))
    history = result.history.drop(columns="seconds")
    table = pd.DataFrame(rows).merge(history, on="epoch")
    folder.write_table(place.out / _NOTES, table)
    values = {
        f"first-layer gradient SD, highest of {EARLY} epochs": float(table["sd"][:EARLY].max()),
        "first-layer gradient SD, last epoch": float(table["sd"].iloc[-1]),
    }
    return {"records": _koo_trials.records_of(given, values)}


def _latest(model: nn.Module, place: Place) -> nn.Module:
    """Give the network of the last epoch; a fit leaves that of the best one."""
    saved = state.load(place.scratch, identity={})
    assert saved is not None, "the fit has just written its state"
    latest = copy.deepcopy(model)
    latest.load_state_dict(saved["weights"])
    return latest.eval()


def _described(model: nn.Module, train: SequenceView, l2: float) -> dict[str, float]:
    values = gradient(model, train, l2=l2).ravel()
    return {
        "mean": float(values.mean()),
        "sd": float(values.std()),
        **{name: float(np.quantile(values, part)) for name, part in QUANTILES.items()},
        "highest": float(values.max()),
    }


def gradient(model: nn.Module, train: SequenceView, *, l2: float) -> np.ndarray:
    """Differentiate the mean loss over all sequences, and the penalty, by the first kernels."""
    kernel: Any = model.get_submodule("layer1.convolution").weight
    total = torch.zeros_like(kernel, dtype=torch.float64)
    for start in range(0, len(train), _BATCH):
        rows = slice(start, start + _BATCH)
        targets = torch.from_numpy(np.asarray(train.read_targets(rows), dtype=np.float32))
        loss = functional.binary_cross_entropy_with_logits(
            model(onehots.from_codes(train[rows])), targets, reduction="sum"
        )
        total += torch.autograd.grad(loss, kernel)[0]
    entries = len(train) * len(train.tasks)
    found: np.ndarray = (total / entries + 2 * l2 * kernel.detach().double()).numpy()
    return found


def pieces(size: Scale) -> Iterable[Piece]:
    """Plan the control: CNN-deep on Task 1, with ReLU and with exponential filters.

    Parameters
    ----------
    size
        The scale; one without controls has none.

    Yields
    ------
    Piece
        A training each.
    """
    if size.controls:
        data = _koo_grid.simulated("task1", size)
        for seed in range(1 if size.brief else min(SEEDS, size.seeds)):
            for activation in ("exponential", "relu"):
                trial = _koo_grid.training("task1", data, "cnn-deep", activation, seed, size)
                labels = {**trial.options["labels"], "method": "gradients"}
                yield Piece(
                    f"{__name__}:follow",
                    trial.options | {"labels": labels},
                    needs=(data,),
                    label=f"task1 cnn-deep {activation} seed{seed} gradients",
                )


PIECES = {"follow": follow}
"""Functions that may be pieces."""
