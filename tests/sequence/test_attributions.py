"""The linear family of gauges: identities that hold for any multipliers."""

import pytest
import torch

from cislens.errors import UserError
from cislens.sequence import attributions, onehot
from cislens.sequence.attributions import Attributions

CLOSE = {"rtol": 1e-6, "atol": 1e-6}


@pytest.fixture
def sequences(rng):
    return onehot.from_codes(rng.integers(0, 4, (5, 30)).astype("uint8"))


@pytest.fixture
def local():
    return Attributions(
        torch.randn(5, 4, 30), "toy", "output 0", "local", deltas=torch.zeros(5, 2), notes=("a",)
    )


@pytest.fixture
def base():
    return torch.rand(5, 4, 30).softmax(dim=1)


def regauge(*args, **options):
    return attributions.regauge(*args, **options).values


def test_corrected_is_hypothetical_of_the_uniform_baseline(local):
    corrected = regauge(local, to="corrected")
    uniform = torch.full((4,), 0.25)
    for options in ({"baseline": uniform}, {}):
        hypothetical = regauge(local, to="hypothetical", **options)
        torch.testing.assert_close(hypothetical, corrected, **CLOSE)
    torch.testing.assert_close(corrected.sum(dim=1), torch.zeros(5, 30), **CLOSE)


def test_taylor_is_hypothetical_of_the_sequence_itself(local, sequences):
    taylor = regauge(local, to="taylor", onehot=sequences)
    torch.testing.assert_close(
        regauge(local, to="hypothetical", baseline=sequences), taylor, **CLOSE
    )
    assert (taylor * sequences).abs().max() == 0


@pytest.mark.parametrize("middle", ["hypothetical", "corrected", "taylor"])
@pytest.mark.parametrize("end", ["hypothetical", "corrected", "taylor"])
def test_any_detour_leads_to_the_same_map(local, sequences, base, middle, end):
    detour = attributions.regauge(local, to=middle, onehot=sequences, baseline=base)
    torch.testing.assert_close(
        regauge(detour, to=end, onehot=sequences, baseline=base),
        regauge(local, to=end, onehot=sequences, baseline=base),
        **CLOSE,
    )


def test_taylor_is_corrected_minus_its_own_base(local, sequences):
    corrected = regauge(local, to="corrected")
    own = (corrected * sequences).sum(dim=1, keepdim=True)
    taylor = regauge(local, to="taylor", onehot=sequences)
    torch.testing.assert_close(corrected - own, taylor, **CLOSE)
    mean_effect = -taylor.sum(dim=1, keepdim=True) / 3
    torch.testing.assert_close(own, 0.75 * mean_effect, **CLOSE)


def test_global_sums_to_hypothetical_at_the_own_base(local, sequences, base):
    whole = regauge(local, to="global", onehot=sequences, baseline=base).sum(dim=1)
    hypothetical = attributions.regauge(local, to="hypothetical", baseline=base)
    own = attributions.projected(hypothetical, sequences)
    assert own.gauge == "projected"
    torch.testing.assert_close(own.values.sum(dim=1), whole, **CLOSE)


def test_keeps_everything_but_values_and_gauge(local):
    corrected = attributions.regauge(local, to="corrected")
    assert (corrected.gauge, corrected.notes) == ("corrected", ("a",))
    assert corrected.deltas is local.deltas
    assert attributions.regauge(corrected, to="corrected") is corrected


def test_hypothetical_of_zeros_is_the_local_map(local):
    torch.testing.assert_close(
        regauge(local, to="hypothetical", baseline=torch.zeros(4)), local.values, **CLOSE
    )


@pytest.mark.parametrize(
    ("gauge", "options", "message"),
    [
        ("local", {"to": "centred"}, "to='centred': known are local, global"),
        ("projected", {"to": "corrected"}, "cannot be had from a 'projected' map; wants one that"),
        ("corrected", {"to": "local"}, "cannot be had from a 'corrected' map; wants .* local"),
        ("corrected", {"to": "global"}, "cannot be had from a 'corrected' map; wants .* local"),
        ("local", {"to": "taylor"}, "onehot: missing; to='taylor' needs the sequences"),
        ("local", {"to": "taylor", "onehot": torch.zeros(5, 4, 3)}, r"onehot: shape \(5, 4, 3\)"),
        ("local", {"to": "hypothetical", "baseline": torch.ones(3)}, r"baseline: shape \(3,\)"),
        ("taylor", {"to": "hypothetical", "baseline": torch.ones(4)}, "a column sums to 4"),
    ],
)
def test_says_what_cannot_be(gauge, options, message):
    map_ = Attributions(torch.zeros(5, 4, 30), "toy", "output 0", gauge)
    with pytest.raises(UserError, match=message):
        attributions.regauge(map_, **options)
