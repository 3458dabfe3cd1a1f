"""One small run that the tests of the pipeline share."""

import numpy as np
import pytest
import torch
from torch import nn

from cislens.models import checkpoint, spec
from cislens.pipeline import (
    attributing,
    folder,
    importing,
    main_job,
    options,
    simulating,
    train,
    verbs,
)
from cislens.pipeline.attribute_options import Attribute
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


SITE = "ATGACTCATC"


@pytest.fixture(scope="session")
def seeing(tmp_path_factory):
    """A run folder with a network that was made to see one motif on both strands, and its maps."""
    folder_ = tmp_path_factory.mktemp("seeing")
    rng = np.random.default_rng(1)
    lines = []
    for i in range(80):
        bases = rng.choice(list("ACGT"), 60)
        site = SITE if i % 2 else SITE[::-1].translate(str.maketrans("ACGT", "TGCA"))
        at = rng.integers(0, 51)
        bases[at : at + 10] = list(site)
        lines.append(f">chr{i % 3 + 1}:{i * 100}-{i * 100 + 60}\n{''.join(bases)}\n")
    (folder_ / "seen.fa").write_text("".join(lines))
    data = folder_ / "seen.zarr"
    importing.write(
        options.DataOptions(
            path=folder_ / "seen.fa", negatives="dinucleotide-shuffle", tasks=["AP1"]
        ),
        data,
        seed=0,
    )
    recipe = spec.Recipe("deepbind", 60, ("AP1",), "binary")
    (folder_ / "models" / "made").mkdir(parents=True)
    checkpoint.save(folder_ / "models" / "made" / "model.safetensors", detector(recipe), recipe)
    folder.write_json(folder_ / "models" / "made" / "card.json", {"data": str(data)})
    attributing.run(
        Attribute(models=folder_, method="saliency", split="all", top=80, block_size=40)
    )
    return folder_


def detector(recipe):
    """A network whose output is how far the best site is above seven of ten bases."""
    network = spec.build(recipe)
    with torch.no_grad():
        for values in network.parameters():
            values.zero_()
        convolution, dense, output = (
            next(m for m in block.modules() if isinstance(m, nn.Conv1d | nn.Linear))
            for block in (network.layer1, network.dense1, network.output)
        )
        for place, letter in enumerate(SITE):
            base = "ACGT".index(letter)
            convolution.weight[0, base, place + 3] = 1
            convolution.weight[1, 3 - base, 12 - place] = 1
        convolution.bias[:2] = -7
        dense.weight[0, :2] = 1
        output.weight[0, 0] = 1
    return network.eval()
