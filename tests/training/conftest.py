"""Small datasets on disk and a small network to fit to them."""

import numpy as np
import pytest
from torch import nn

from cislens.data import dataset as datasets
from cislens.sequence.alphabet import DNA

LENGTH = 20


@pytest.fixture
def make_dataset(tmp_path, rng):
    """Write sequences with these targets, the first three quarters for training."""

    def make(targets, *, kind="binary", codes=None, validation=None):
        n = len(targets)
        codes = rng.integers(4, size=(n, LENGTH), dtype=np.uint8) if codes is None else codes
        train = n - (n // 4 if validation is None else validation)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.zarr"
        with datasets.create(
            path,
            length=LENGTH,
            alphabet=DNA,
            tasks=tuple("abcdefgh"[: targets.shape[1]]),
            target_kind=kind,
            provenance={},
        ) as writer:
            writer.append(
                codes,
                targets,
                ids=[f"s{i}" for i in range(n)],
                split=["train"] * train + ["validation"] * (n - train),
            )
        stored = datasets.open(path)
        return stored.view("train"), stored.view("validation")

    return make


@pytest.fixture
def motif_views(make_dataset, rng):
    """Give 200 sequences with two tasks: whether TATA stands in them, and a coin; some unknown."""
    codes = rng.integers(4, size=(200, LENGTH), dtype=np.uint8)
    codes[::2, 8:12] = [3, 0, 3, 0]
    targets = np.stack([np.arange(200) % 2 == 0, rng.random(200) < 0.5], axis=1).astype(np.float32)
    targets[rng.random((200, 2)) < 0.1] = np.nan
    return make_dataset(targets, codes=codes)


@pytest.fixture
def make_network():
    """Build a convolution with batch norm and dropout, and a dense output."""

    def make(tasks=2):
        return nn.Sequential(
            nn.Conv1d(4, 6, 5, bias=False),
            nn.BatchNorm1d(6),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.AdaptiveMaxPool1d(2),
            nn.Flatten(),
            nn.Linear(12, tasks),
        )

    return make
