"""A run made by the verbs themselves, one after the other."""

import numpy as np
import pytest

from cislens.cli import main

NET = ["--model.architecture", "cnn-local", "--fit.epochs", "2"]


@pytest.fixture(scope="session")
def peaks(tmp_path_factory):
    """A FASTA file of 90 sequences of 120 bp, each with TGACTCA, on three chromosomes."""
    rng = np.random.default_rng(0)
    lines = []
    for i in range(90):
        bases = rng.choice(list("ACGT"), 120)
        start = rng.integers(0, 113)
        bases[start : start + 7] = list("TGACTCA")
        lines.append(f">chr{i % 3 + 1}:{i * 200}-{i * 200 + 120}\n{''.join(bases)}\n")
    path = tmp_path_factory.mktemp("peaks") / "peaks.fa"
    path.write_text("".join(lines))
    return path


@pytest.fixture(scope="session")
def imported(peaks):
    """The dataset that `data import` makes of it."""
    out = peaks.with_name("peaks.zarr")
    words = ["--negatives=dinucleotide-shuffle", "--split.by=chromosome"]
    words += ["--split.validation=[chr2]", "--split.test=[chr3]", "--tasks=[AP1]"]
    assert main.main(["data", "import", str(peaks), "--out", str(out), *words]) == 0
    return out


@pytest.fixture(scope="session")
def trained(imported):
    """The run folder that `train`, `evaluate` and `filters` make of the dataset."""
    out = imported.with_name("run")
    assert main.main(["train", str(imported), "--out", str(out), *NET]) == 0
    assert main.main(["evaluate", str(out)]) == 0
    assert main.main(["filters", str(out), "--motifs.database", "jaspar2016"]) == 0
    return out
