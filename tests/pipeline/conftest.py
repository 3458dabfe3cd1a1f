"""One small run that the tests of the pipeline share."""

import numpy as np
import pytest

from cislens.models import checkpoint, spec
from cislens.pipeline import folder, main_job, options, simulating, train, verbs
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
        attribute=options.MapOptions(methods=["saliency", "ism"], top=2, targets=["YY1"]),
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


@pytest.fixture(scope="session")
def untrained(tmp_path_factory):
    """A run folder of two networks that were never trained, on sequences with planted motifs."""
    run = tmp_path_factory.mktemp("untrained")
    data = run / "task1.zarr"
    chosen = verbs.Simulate(
        task="koo2021_task1", out=data, sequences=120, factors=["SRF", "YY1"], mode="corrected"
    )
    simulating.write(chosen)
    for seed, name in enumerate(("exponential", "relu")):
        recipe = spec.Recipe("cnn-local", 200, ("SRF", "YY1"), "binary", activation=name)
        model = train.initialised(recipe, seed)
        (run / "models" / name).mkdir(parents=True)
        checkpoint.save(run / "models" / name / "model.safetensors", model, recipe)
        folder.write_json(run / "models" / name / "card.json", {"data": str(data)})
    return run
