"""Small datasets for the tests of this room."""

import numpy as np
import pytest

from cislens.data import dataset
from cislens.sequence.alphabet import DNA


@pytest.fixture
def written(tmp_path, rng):
    """Write a dataset of random rows and give its path and what went in."""

    def write(n=50, length=12, *, name="small.zarr", kind="continuous", tasks=("a", "b"), batch=7):
        codes = rng.integers(0, 5, (n, length)).astype(np.uint8)
        targets = rng.normal(size=(n, len(tasks))).astype(np.float32)
        if kind == "binary":
            targets = (targets > 0).astype(np.float32)
        targets[rng.random(targets.shape) < 0.1] = np.nan
        split = rng.choice(["train", "validation", "test"], n)
        ids = [f"s{row} é" for row in range(n)]
        chrom = [f"chr{row % 3}" for row in range(n)]
        start = rng.integers(0, 10**10, n)
        path = tmp_path / name
        with dataset.create(
            path,
            length=length,
            alphabet=DNA,
            tasks=tasks,
            target_kind=kind,
            provenance={"by": "us"},
        ) as writer:
            for a in range(0, n, batch):
                b = slice(a, a + batch)
                writer.append(
                    codes[b],
                    targets[b],
                    ids=ids[b],
                    split=split[b],
                    chrom=chrom[b],
                    start=start[b],
                    end=start[b] + length,
                    strand=["+"] * len(ids[b]),
                )
        return path, {
            "codes": codes, "targets": targets, "split": split, "ids": np.array(ids, dtype=object),
            "chrom": chrom, "start": start,
        }  # fmt: skip

    return write
