"""Priors against the values of the published formula, slow loops, and laws."""

import numpy as np
import pytest
import torch

from cislens.training import priors

ALL = [priors.fourier, priors.total_variation, priors.gini, priors.l2]
SETTINGS = {
    "1000": (1000, 150, {"smoothing": 3}),
    "hard": (1000, 150, {"smoothing": 3, "softness": None}),
    "rough": (1000, 150, {}),
    "excluded": (1000, 150, {"smoothing": 3, "direct": False}),
    "1346": (1346, 200, {"smoothing": 3}),
    "200": (200, 30, {"smoothing": 3}),
}
TABLE = {
    "ones": (0.8412, 0.8526, 1.0000, 0.130, 0.8421, 0.8395),
    "delta": (0.1570, 0.2141, 0.5080, 0.150, 0.1581, 0.1739),
    "box 4": (0.0470, 0.0614, 0.2575, 0.036, 0.0452, 0.0860),
    "box 8": (0.0417, 0.0527, 0.2447, 0.027, 0.0385, 0.0969),
    "box 10": (0.0430, 0.0532, 0.2233, 0.026, 0.0394, 0.1065),
    "box 20": (0.0479, 0.0558, 0.2040, 0.021, 0.0412, 0.1489),
    "box 100": (0.1058, 0.1112, 0.2074, 0.015, 0.0831, 0.4375),
}


def track(name, length):
    if name == "ones":
        return torch.ones(1, length)
    width = 1 if name == "delta" else int(name.split()[1])
    values = torch.zeros(1, length)
    start = length // 2 - width // 2
    values[:, start : start + width] = 1
    return values


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("setting", SETTINGS)
def test_fourier_has_the_published_values(name, setting):
    length, limit, options = SETTINGS[setting]
    expected = TABLE[name][list(SETTINGS).index(setting)]
    value = priors.fourier(track(name, length), period=length / limit, **options).item()
    assert value == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("factor", "expected"), [(0, (0.393, 0.435, 0.550, 0.152)), (10, (0.174, 0.193, 0.382, 0.055))]
)
def test_fourier_of_noise(rng, factor, expected):
    noise = np.abs(rng.normal(size=(400, 1000)))
    noise[:, 495:505] += factor
    for setting, value in zip(("1000", "hard", "rough", "excluded"), expected, strict=True):
        length, limit, options = SETTINGS[setting]
        penalties = priors.fourier(torch.tensor(noise), period=length / limit, **options)
        assert penalties.mean().item() == pytest.approx(value, abs=0.006)


def test_fourier_equals_a_slow_loop(rng):
    values = np.abs(rng.normal(size=53))
    padded = np.pad(values, 2)
    kernel = np.exp(-0.5 * (np.arange(-2, 3) / 2) ** 2)
    smooth = [kernel / kernel.sum() @ padded[i : i + 5] for i in range(53)]
    magnitudes = [
        abs(sum(v * np.exp(-2j * np.pi * k * i / 53) for i, v in enumerate(smooth)))
        for k in range(27)
    ]
    weights = [0] + [1 if k <= 5 else 1 / (1 + (k - 5) ** 0.7) for k in range(1, 27)]
    expected = 1 - np.dot(weights, magnitudes) / sum(magnitudes)
    value = priors.fourier(torch.tensor(values)[None], period=10.0, softness=0.7, smoothing=2)
    assert value.item() == pytest.approx(expected, rel=1e-12)


def test_total_variation_equals_a_slow_loop(rng):
    values = np.abs(rng.normal(size=31))
    expected = sum(abs(a - b) for a, b in zip(values[1:], values[:-1], strict=True))
    value = priors.total_variation(torch.tensor(values)[None]).item()
    assert value == pytest.approx(expected / (2 * values.sum()))


def test_gini_equals_all_pairs(rng):
    values = np.abs(rng.normal(size=31))
    pairs = np.abs(values[:, None] - values[None]).sum()
    value = priors.gini(torch.tensor(values)[None]).item()
    assert value == pytest.approx(1 - pairs / (2 * 31 * values.sum()))


def test_bounds():
    flat, single = torch.ones(1, 50), torch.zeros(1, 50)
    single[0, 20] = 3
    assert priors.gini(flat).item() == pytest.approx(1)
    assert priors.gini(single).item() == pytest.approx(1 / 50)
    assert priors.total_variation(flat).item() == 0
    assert priors.total_variation(single).item() == pytest.approx(1)
    assert priors.l2(single).item() == 9


def test_gradient_norm_is_the_length(rng):
    values = torch.tensor(rng.normal(size=(3, 4, 9)))
    torch.testing.assert_close(priors.gradient_norm(values), values.flatten(1).norm(dim=1))


@pytest.mark.parametrize("prior", [priors.fourier, priors.total_variation, priors.gini])
def test_shape_alone_counts(prior, rng):
    tracks = torch.tensor(np.abs(rng.normal(size=(3, 80))))
    torch.testing.assert_close(prior(tracks), prior(1e-7 * tracks))


def test_place_does_not_count_away_from_the_ends():
    tracks = torch.zeros(2, 200)
    tracks[0, 40:52] = tracks[1, 131:143] = torch.rand(12)
    values = priors.fourier(tracks)
    torch.testing.assert_close(values[0], values[1])


@pytest.mark.parametrize("prior", ALL)
def test_track_of_zeros_is_safe(prior):
    tracks = torch.zeros(2, 40)
    tracks[1] = torch.rand(40)
    tracks.requires_grad_()
    values = prior(tracks)
    assert values[0] == (0 if prior is priors.l2 else 1)
    (gradient,) = torch.autograd.grad(values.sum(), tracks)
    assert (gradient[0] == 0).all()
    assert (gradient[1] != 0).any()
    assert gradient.isfinite().all()


def test_gradient_of_zeros_has_a_norm_of_zero():
    values = torch.zeros(1, 4, 9, requires_grad=True)
    norm = priors.gradient_norm(values)
    assert norm.item() == 0
    assert (torch.autograd.grad(norm.sum(), values)[0] == 0).all()


@pytest.mark.parametrize("prior", ALL)
def test_gradient_is_that_of_finite_differences(prior):
    tracks = torch.rand(2, 30, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(prior, tracks)


@pytest.mark.parametrize("prior", ALL)
def test_half_precision_is_computed_in_single(prior):
    tracks = torch.rand(2, 100).half()
    values = prior(tracks)
    assert values.dtype == torch.float32
    torch.testing.assert_close(values, prior(tracks.float()))


def test_observed_base_alone_counts(rng):
    onehot = torch.zeros(1, 4, 3)
    onehot[0, 2, 0] = onehot[0, 1, 2] = 1
    attributions = torch.tensor(rng.normal(size=(1, 4, 3))).float()
    expected = [abs(attributions[0, 2, 0]), 0, abs(attributions[0, 1, 2])]
    torch.testing.assert_close(priors.observed(attributions, onehot)[0], torch.tensor(expected))
