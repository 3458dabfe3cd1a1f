"""A fit is the same again for the same seed, resumes bit for bit, and leaves no trace."""

import dataclasses
import signal

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn
from torch.nn import functional

from cislens.errors import UserError
from cislens.sequence import onehot as onehots
from cislens.training import state
from cislens.training.fit import fit
from cislens.training.options import FitOptions
from cislens.training.prior_options import PriorOptions

OPTIONS = FitOptions(
    epochs=4, batch_size=32, learning_rate=0.02, reverse_complement=0.5, accelerator="cpu"
)


def change(**options):
    return FitOptions(**{**OPTIONS.__dict__, **options})


@pytest.fixture
def run(motif_views, make_network, tmp_path):
    """Fit a new network, of the same first weights each time, in a folder of that name."""

    def run(name, *, views=motif_views, model=None, options=OPTIONS, objective="binary", seed=1):
        torch.manual_seed(11)
        model = make_network() if model is None else model
        result = fit(
            model,
            *views,
            objective=objective,
            options=options,
            folder=tmp_path / name,
            seed=seed,
            progress=False,
        )
        return model, result

    return run


def same(left, right):
    pairs = zip(left.state_dict().values(), right.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def without_clock(result):
    return result.history.drop(columns="seconds")


def test_same_seed_same_weights_bit_for_bit(run):
    (first, one), (second, two), (other, _) = run("a"), run("b"), run("c", seed=2)
    assert same(first, second)
    pd.testing.assert_frame_equal(without_clock(one), without_clock(two), check_exact=True)
    assert not same(first, other)


def test_history_has_a_row_an_epoch(run):
    history = run("a")[1].history
    assert history["epoch"].tolist() == [1, 2, 3, 4]
    assert list(history.columns) == [
        "epoch",
        "train_loss",
        "validation_loss",
        "validation_auroc",
        "validation_aupr",
        "learning_rate",
        "seconds",
    ]
    assert history.notna().all(axis=None)


@pytest.mark.parametrize("epoch", [1, 3])
def test_killed_fit_resumes_bit_for_bit(run, monkeypatch, epoch):
    whole, expected = run("whole")
    save = state.save

    def save_and_die(folder, saved):
        save(folder, saved)
        if len(saved["track"]["rows"]) == epoch:
            raise RuntimeError("killed")

    monkeypatch.setattr(state, "save", save_and_die)
    with pytest.raises(RuntimeError, match="killed"):
        run("broken")
    monkeypatch.setattr(state, "save", save)
    resumed, result = run("broken")
    assert same(resumed, whole)
    pd.testing.assert_frame_equal(without_clock(result), without_clock(expected), check_exact=True)
    assert result[1:] == expected[1:]


def test_more_epochs_go_on_bit_for_bit(run):
    whole, expected = run("whole", options=change(epochs=6, decay_patience=1))
    run("short", options=change(epochs=2, decay_patience=1))
    longer, result = run("short", options=change(epochs=6, decay_patience=1))
    assert same(longer, whole)
    assert result[1:] == expected[1:]


def test_factor_of_one_keeps_the_learning_rate(run):
    result = run("a", options=change(epochs=5, decay_factor=1.0, decay_patience=1))[1]
    assert (result.history["learning_rate"] == OPTIONS.learning_rate).all()
    decayed = run("b", options=change(epochs=8, learning_rate=0.3, decay_patience=1))[1]
    assert decayed.history["learning_rate"].nunique() > 1


def test_finished_fit_gives_its_result_again_without_training(run, monkeypatch):
    first, expected = run("a")
    monkeypatch.setattr("lightning.pytorch.Trainer.fit", None)
    second, result = run("a")
    assert same(first, second)
    pd.testing.assert_frame_equal(result.history, expected.history)


@pytest.mark.parametrize(
    "difference", [{"seed": 2}, {"options": change(learning_rate=0.5)}, {"model": nn.Linear(1, 1)}]
)
def test_folder_of_another_fit_is_refused(run, difference):
    run("a")
    with pytest.raises(UserError, match="choose another folder"):
        run("a", **difference)


def loss_over(model, view):
    model.eval()
    with torch.no_grad():
        logits = model(onehots.from_codes(view[:]))
    targets = torch.from_numpy(view.targets)
    known = ~targets.isnan()
    return functional.binary_cross_entropy_with_logits(logits[known], targets[known]).item()


def test_model_is_left_with_its_best_weights(run, motif_views):
    model, result = run("a", options=change(epochs=12, learning_rate=0.3))
    losses = result.history["validation_loss"]
    assert result.best_epoch == losses.argmin() + 1 < 12
    assert result.best_value == losses.min()
    assert loss_over(model, motif_views[1]) == pytest.approx(result.best_value, rel=1e-5)


@pytest.mark.parametrize("monitor", ["validation_auroc", "validation_aupr"])
def test_best_is_by_the_monitored_number(run, monitor):
    result = run("a", options=change(monitor=monitor))[1]
    assert result.best_value == result.history[monitor].max()
    assert result.best_epoch == result.history[monitor].argmax() + 1


def test_motif_is_learnt(run):
    history = run("a", options=change(epochs=15))[1].history
    assert history["train_loss"].iloc[-1] < 0.75 * history["train_loss"].iloc[0]


def test_nothing_is_learnt_from_validation_sequences(run, motif_views, make_dataset, rng):
    strange = make_dataset(rng.integers(2, size=(80, 2)).astype(np.float32))[1]
    once = change(epochs=1)
    assert same(
        run("a", options=once)[0], run("b", options=once, views=(motif_views[0], strange))[0]
    )


def test_nothing_else_is_changed(run, make_network, tmp_path, capfd):
    model = make_network()
    model.eval()
    model[3].train()
    run("warm up", model=model)
    torch.manual_seed(11)
    expected = torch.rand(3)
    capfd.readouterr()
    run("a", model=model)
    assert torch.equal(torch.rand(3), expected)
    assert [module.training for module in model] == [i == 3 for i in range(7)]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["fit.pt"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("objective", ["regression", "poisson"])
def test_other_objectives(run, make_dataset, rng, objective):
    views = make_dataset(rng.poisson(3, size=(60, 2)).astype(np.float32), kind="count")
    options = change(monitor="validation_pearson", learning_rate=1e-3)
    result = run("a", views=views, objective=objective, options=options)[1]
    assert result.best_value == result.history["validation_pearson"].max()


def test_diverging_fit_says_where_and_what_to_do(run, make_dataset, rng):
    views = make_dataset(rng.normal(size=(60, 2)).astype(np.float32), kind="continuous")
    with pytest.raises(UserError, match=r"epoch 1.*became (inf|nan).*lower learning_rate"):
        run("a", views=views, objective="regression", options=change(learning_rate=1e25))


class Breaking(nn.Linear):
    """Give NaN from the seventh training step on."""

    steps = 0

    def forward(self, onehot):
        self.steps += self.training
        return super().forward(onehot.flatten(1)) * (torch.nan if self.steps > 6 else 1)


def test_error_counts_epochs_and_steps_from_one(run):
    # 150 sequences make five steps an epoch.
    with pytest.raises(UserError, match="epoch 2, step 2: the training loss became nan"):
        run("a", model=Breaking(80, 2))


def test_device_that_is_not_there_is_refused(run):
    kind = "mps" if torch.cuda.is_available() else "cuda"
    with pytest.raises(UserError, match=f"accelerator='{kind}', devices=1, .*; use accelerator"):
        run("a", options=change(accelerator=kind))


def test_one_class_is_refused_before_anything_is_written(run, make_dataset, tmp_path):
    with pytest.raises(UserError, match="task 'a'"):
        run("a", views=make_dataset(np.ones((8, 2), np.float32)))
    assert not (tmp_path / "a").exists()


class Interrupted(nn.Linear):
    def forward(self, onehot):
        raise KeyboardInterrupt


def test_interrupt_stays_an_interrupt(run):
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        run("a", model=Interrupted(1, 1))
    assert signal.getsignal(signal.SIGINT) is handler


def test_mixed_precision(run):
    result = run("a", options=change(precision="bf16-mixed"))[1]
    assert np.isfinite(result.history["validation_loss"]).all()


PRIOR = PriorOptions(warmup_steps=5, ramp_steps=5, period=4.0, scale="task")


def test_prior_of_no_weight_changes_nothing(run):
    plain, _ = run("a")
    weightless = PriorOptions(terms={"fourier": 0.0}, warmup_steps=2, ramp_steps=2)
    assert same(plain, run("b", options=change(prior=weightless))[0])
    assert not same(plain, run("c", options=change(prior=PRIOR))[0])


def test_prior_is_logged_apart_and_lowered(run):
    options = change(epochs=12, stop_patience=99)
    _, plain = run("a", options=options)
    _, result = run("b", options=change(epochs=12, stop_patience=99, prior=PRIOR))
    history = result.history
    assert history["prior_fourier"].isna().tolist() == [True] + [False] * 11
    weights = history["prior_weight"]
    assert 0 < weights[0] < weights[1]
    assert weights[1:].nunique() == 1
    assert history["prior_fourier"].iloc[-1] < history["prior_fourier"].iloc[1]
    pd.testing.assert_series_equal(history["train_loss"][:1], plain.history["train_loss"][:1])


def test_epochs_before_the_full_weight_are_never_the_best(run):
    options = change(epochs=8, learning_rate=0.3, prior=PRIOR)
    _, result = run("a", options=options)
    # Ten steps of warm-up and ramp are two epochs; the third is the first in full.
    losses = result.history["validation_loss"]
    assert result.best_epoch == losses[2:].argmin() + 3
    assert result.best_value == losses[2:].min()


def test_fit_that_ends_before_its_prior_is_refused(run):
    with pytest.raises(UserError, match=r"take 500 steps, 4 epochs have 20; give at least 101 ep"):
        run("a", options=change(prior="fourier"))


def test_weight_of_a_prior_follows_what_is_learnt(run):
    prior = dataclasses.replace(PRIOR, terms={"fourier": 0.01}, scale="gain")
    _, result = run("a", options=change(epochs=6, prior=prior))
    history = result.history
    weights = history["prior_weight"][2:]
    assert (weights > 0).all()
    assert weights.is_monotonic_increasing
    assert history["train_loss"].is_monotonic_decreasing


@pytest.mark.parametrize("scale", ["task", "gain"])
@pytest.mark.parametrize("epoch", [1, 3])
def test_killed_fit_with_a_prior_resumes_bit_for_bit(run, monkeypatch, epoch, scale):
    options = change(prior=dataclasses.replace(PRIOR, scale=scale))
    whole, expected = run("whole", options=options)
    save = state.save

    def save_and_die(folder, saved):
        save(folder, saved)
        if len(saved["track"]["rows"]) == epoch:
            raise RuntimeError("killed")

    monkeypatch.setattr(state, "save", save_and_die)
    with pytest.raises(RuntimeError, match="killed"):
        run("broken", options=options)
    monkeypatch.setattr(state, "save", save)
    resumed, result = run("broken", options=options)
    assert same(resumed, whole)
    pd.testing.assert_frame_equal(without_clock(result), without_clock(expected), check_exact=True)


@pytest.mark.parametrize("precision", ["32", "bf16-mixed"])
def test_prior_with_any_precision(run, precision):
    result = run("a", options=change(precision=precision, prior=PRIOR))[1]
    assert np.isfinite(result.history["prior_fourier"].iloc[1:]).all()


@pytest.mark.slow
def test_two_devices_agree_on_one_result(run, tmp_path):
    model, result = run("a", options=change(devices=2))
    saved = torch.load(tmp_path / "a" / state.FILE_NAME, weights_only=True)
    assert result.best_epoch == saved["track"]["best_epoch"]
    best = saved["track"]["best_weights"]
    assert all(torch.equal(best[name], tensor) for name, tensor in model.state_dict().items())


def test_negatives_and_moves_drawn_anew_are_the_same_after_a_break(
    run, make_dataset, make_network, rng
):
    codes = rng.integers(4, size=(160, 20), dtype=np.uint8)
    codes[::8, 8:12] = [3, 0, 3, 0]
    targets = (np.arange(160) % 8 == 0).astype(np.float32)[:, None]
    views = make_dataset(targets, codes=codes)

    def fitted(name, epochs):
        torch.manual_seed(11)
        options = change(negatives=1.0, shift=2, batch_size=8, epochs=epochs)
        return run(name, views=views, model=make_network(1), options=options)

    whole, one = fitted("whole", 4)
    fitted("parts", 2)
    parts, other = fitted("parts", 4)
    assert same(whole, parts)
    pd.testing.assert_frame_equal(without_clock(one), without_clock(other), check_exact=True)
