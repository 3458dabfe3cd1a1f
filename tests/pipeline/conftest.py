"""One small run that the tests of the pipeline share."""

import numpy as np
import pytest

from cislens.pipeline import main_job, options, simulating, verbs
from cislens.training.options import FitOptions


@pytest.fixture(scope="session")
def task(tmp_path_factory):
    """A small dataset with planted truth."""
    out = tmp_path_factory.mktemp("task") / "task1.zarr"
    simulating.write(
        verbs.Simulate(task="koo2021_task1", out=out, sequences=600, factors=["SRF", "YY1"])
    )
    return out


@pytest.fixture(scope="session")
def finished(task, tmp_path_factory):
    """The options of a finished run on that dataset."""
    chosen = verbs.Run(
        out=tmp_path_factory.mktemp("run") / "small",
        data=options.DataOptions(path=task, split=options.SplitOptions(by="given")),
        name="Two planted motifs",
        model=options.ModelOptions(architecture="cnn-local", activations=["relu", "exponential"]),
        fit=FitOptions(epochs=2),
        motifs=options.MotifOptions(database="jaspar2016", matches=3),
    )
    main_job.run(chosen)
    return chosen


@pytest.fixture
def fasta_file(tmp_path):
    """Sixty sequences of 50 bp on three chromosomes."""
    rng = np.random.default_rng(0)
    lines = []
    for i in range(60):
        bases = "".join(rng.choice(list("ACGT"), 50))
        lines.append(f">chr{i % 3 + 1}:{i * 100}-{i * 100 + 50}\n{bases}\n")
    path = tmp_path / "peaks.fa"
    path.write_text("".join(lines))
    return path
