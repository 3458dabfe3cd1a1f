"""A prior over the steps of a fit: warm-up, ramp, scale, combination, and what is logged."""

import math

import pytest
import torch
from torch import nn

from cislens.training import attribution_prior, explaining, priors
from cislens.training.attribution_prior import AttributionPrior
from cislens.training.prior_options import PRIORS, PriorOptions

AT_ONCE = {"warmup_steps": 0, "ramp_steps": 0, "scale": "none"}


def make(objective="binary", **options):
    return AttributionPrior(PriorOptions(**options), objective=objective)


def network():
    return nn.Sequential(nn.Conv1d(4, 5, 3), nn.Softplus(), nn.Flatten(), nn.Linear(90, 2)).double()


def batch(n=8):
    onehot = torch.eye(4, dtype=torch.float64)[torch.randint(4, (n, 20))].mT
    targets = torch.zeros(n, 2, dtype=torch.float64)
    targets[::2, 1] = 1
    return onehot, targets


def losses_of(prior, steps, *, loss=2.0, epoch=1):
    return [
        prior.weighted(torch.tensor(loss), torch.tensor(1.0), epoch=epoch).item() - loss
        for _ in range(steps)
    ]


def test_every_prior_has_a_function():
    for name in PRIORS:
        prior = make(terms={name: 1.0}, **AT_ONCE)
        assert prior.step(network(), (batch()[0],), batch()[1]).penalty > 0


def test_weight_rises_after_the_warm_up():
    prior = make(warmup_steps=3, ramp_steps=3, scale="none")
    assert losses_of(prior, 8) == pytest.approx([0, 0, 0, 0.25, 0.5, 0.75, 1, 1])


def test_weight_is_a_multiple_of_the_loss_of_the_first_steps(monkeypatch):
    monkeypatch.setattr(attribution_prior, "SCALE_STEPS", 2)
    prior = make(warmup_steps=3, ramp_steps=0, scale="task")
    for loss in (7.0, -4.0, 2.0):
        assert losses_of(prior, 1, loss=loss) == [0]
    assert losses_of(prior, 2, loss=100.0) == pytest.approx([5.5, 5.5])


def test_scale_of_a_short_warm_up_is_that_of_all_of_it():
    prior = make(warmup_steps=2, ramp_steps=0, scale="task")
    assert losses_of(prior, 1, loss=1.0) + losses_of(prior, 1, loss=3.0) == [0, 0]
    assert losses_of(prior, 1, loss=100.0) == pytest.approx([2])


def gained(prior, gains):
    """Give what is added to a loss of 1 by a penalty of 1, step by step."""
    return [
        prior.weighted(
            torch.tensor(1.0), torch.tensor(1.0), epoch=1, gain=torch.tensor(gain)
        ).item()
        - 1
        for gain in gains
    ]


def test_weight_of_profiles_follows_what_was_gained(monkeypatch):
    monkeypatch.setattr(attribution_prior, "SCALE_STEPS", 4)
    prior = make("profile", warmup_steps=2, ramp_steps=0)
    gains = [1.0, 2.0, 3.0, 6.0, 2.0, -20.0]
    # The plain mean of the first four, then a quarter of each new one.
    mean = [1.0, 1.5, 2.0, 3.0, 2.75, 2.75 - 22.75 / 4]
    added = gained(prior, gains)
    assert added == pytest.approx([0, 0, *(max(0, value) for value in mean[2:])])
    assert prior.weight(1) == 0


def test_prior_of_profiles_waits_for_a_gain():
    assert gained(make("profile", warmup_steps=0, ramp_steps=0), [-1.0, 0.0]) == [0, 0]


def test_scale_of_profiles_can_be_that_of_their_loss():
    prior = make("profile", warmup_steps=0, ramp_steps=0, scale="task")
    assert losses_of(prior, 1, loss=5.0) == pytest.approx([5])


def test_gain_is_asked_for_where_the_scale_follows_it():
    with pytest.raises(ValueError, match="gain=None"):
        make().weighted(torch.tensor(1.0), torch.tensor(1.0), epoch=1)


def test_gain_goes_on_from_its_state():
    one, other = (make("profile", warmup_steps=1, ramp_steps=2) for _ in range(2))
    assert one.state()["gain"] is None
    gained(one, [0.3, 0.7, 0.1])
    other.restore(one.state())
    assert gained(one, [2.3, 0.2]) == gained(other, [2.3, 0.2])
    assert one.state() == other.state()


def test_without_a_warm_up_the_first_loss_is_the_scale():
    prior = make(warmup_steps=0, ramp_steps=0, scale="task")
    assert losses_of(prior, 1, loss=5.0) == pytest.approx([5])
    assert losses_of(prior, 1, loss=9.0) == pytest.approx([5])


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [1, 1]),
        ("inflate", [0, 2 / (1 + math.exp(-2)) - 1]),
        ("deflate", [1, math.exp(-0.6)]),
    ],
)
def test_published_schedules(schedule, expected):
    prior = make(schedule=schedule, **AT_ONCE)
    added = [losses_of(prior, 1, epoch=epoch)[0] for epoch in (1, 3)]
    assert added == pytest.approx(expected, abs=1e-6)


def test_nothing_is_explained_in_the_warm_up(monkeypatch):
    monkeypatch.setattr(explaining, "explain", None)
    onehot, targets = batch()
    model = network()
    step = make(warmup_steps=1).step(model, (onehot,), targets)
    assert step.penalty is None
    assert torch.equal(step.outputs, model(onehot))


def test_every_second_step_counts_twice():
    prior = make(every=2, **AT_ONCE)
    onehot, targets = batch()
    model = network()
    taken = []
    for _ in range(4):
        step = prior.step(model, (onehot,), targets)
        taken.append(step.penalty is not None)
        weighed = prior.weighted(torch.tensor(0.0), step.penalty, epoch=1)
        assert weighed.item() == pytest.approx(2 * step.penalty.item() if taken[-1] else 0)
    assert taken == [True, False, True, False]


def explained(model, onehot, *, gauge):
    gradients = explaining.explain(
        model, (onehot,), torch.ones(len(onehot), dtype=torch.bool), target="logit"
    ).gradients
    return gradients - gradients.mean(1, keepdim=True) if gauge == "corrected" else gradients


@pytest.mark.parametrize("gauge", ["corrected", "raw"])
@pytest.mark.parametrize(
    ("rows", "objective", "chosen"),
    [
        ("positives", "binary", slice(0, None, 2)),
        ("all", "binary", slice(None)),
        ("positives", "regression", slice(None)),
    ],
)
def test_terms_are_summed_over_the_rows_asked_for(gauge, rows, objective, chosen):
    model, (onehot, targets) = network(), batch()
    terms = {"fourier": 0.5, "gini": 2.0, "gradient-norm": 3.0}
    prior = make(objective, terms=terms, rows=rows, gauge=gauge, period=5.0, **AT_ONCE)
    penalty = prior.step(model, (onehot,), targets).penalty
    gradients = explained(model, onehot[chosen], gauge=gauge)
    tracks = priors.observed(gradients, onehot[chosen])
    values = [
        priors.fourier(tracks, period=5.0).mean(),
        priors.gini(tracks).mean(),
        priors.gradient_norm(gradients).mean(),
    ]
    torch.testing.assert_close(penalty, sum(w * v for w, v in zip(terms.values(), values)))  # noqa: B905
    row = prior.finish_epoch(1)
    assert [row[f"prior_{name}"] for name in terms] == pytest.approx([v.item() for v in values])
    assert row["prior_weight"] == 1
    assert math.isnan(prior.finish_epoch(2)["prior_fourier"])


def test_batch_without_positives_costs_nothing():
    onehot, targets = batch()
    step = make(**AT_ONCE).step(network(), (onehot,), targets * 0)
    assert step.penalty is None
    assert step.outputs.shape == (8, 2)


def test_statistics_of_the_batch_without_positives():
    onehot, targets = batch()
    step = make(batch_norm="batch", **AT_ONCE).step(network(), (onehot,), targets * 0)
    assert step.penalty is None


def test_goes_on_from_its_state():
    one, other = (make(warmup_steps=4, ramp_steps=2, scale="task") for _ in range(2))
    losses_of(one, 3, loss=3.0)
    other.restore(one.state())
    assert losses_of(one, 4, loss=5.0) == losses_of(other, 4, loss=5.0)
    assert one.state() == other.state()


def test_penalty_is_single_precision_under_autocast():
    model, (onehot, targets) = network().float(), batch()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        step = make(**AT_ONCE).step(model, (onehot.float(),), targets)
    assert step.outputs.dtype == torch.bfloat16
    assert step.penalty.dtype == torch.float32
    expected = make(**AT_ONCE).step(model, (onehot.float(),), targets).penalty
    torch.testing.assert_close(step.penalty, expected)
