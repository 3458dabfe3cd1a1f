"""What sites do to the tasks."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from cislens.maps import store, writer
from cislens.pipeline import task_effects

MAKING = Path(__file__).parents[1] / "maps" / "making.py"


@pytest.fixture
def run(tmp_path):
    """Maps of three targets, one of them of other sequences."""
    spec = importlib.util.spec_from_file_location("making", MAKING)
    making = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(making)
    for number, target in enumerate(("A", "B", "C")):
        path = tmp_path / "attributions" / "m" / "ism" / f"{target}.zarr"
        changes = {"target": target, "sequences": "x" if target == "C" else "b" * 64}
        with writer.begin(path, making.header(**changes), making.sequences()) as made:
            for rows in made.missing():
                block = making.block(rows)
                made.write(rows, block._replace(values=block.values * (number + 1)))
    return tmp_path


def test_comparable_are_maps_of_the_same_sequences(run):
    maps = store.open(run / "attributions" / "m" / "ism" / "A.zarr")
    targets = [m.header.provenance.target for m in task_effects.siblings(run, maps)]
    assert targets == ["A", "B"]


def test_sums_are_those_of_a_slow_loop(run):
    maps = store.open(run / "attributions" / "m" / "ism" / "A.zarr")
    stores = task_effects.siblings(run, maps)
    rows, starts, ends = np.array([0, 6, 3]), np.array([-2, 1, 2]), np.array([3, 4, 9])
    found = task_effects.measure(stores, rows, starts, ends)
    for task, other in enumerate(stores):
        track = other.projected().astype(float)
        scale = np.sqrt((track**2).mean())
        for site in range(3):
            total = sum(
                track[rows[site], base]
                for base in range(starts[site], ends[site])
                if 0 <= base < other.length
            )
            assert found[site, task] == pytest.approx(total / scale, abs=1e-5)
    # The second task is the first times two, and scales are taken off.
    np.testing.assert_allclose(found[:, 0], found[:, 1], atol=1e-5)


def test_no_site(run):
    maps = store.open(run / "attributions" / "m" / "ism" / "A.zarr")
    none = np.zeros(0, np.int64)
    assert task_effects.measure([maps], none, none, none).shape == (0, 1)
