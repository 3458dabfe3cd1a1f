"""Options of verbs: the YAML a run writes is the YAML that repeats it."""

from pathlib import Path

import pytest
import yaml

from cislens.cli import options_reader
from cislens.motifs.knockout_options import KnockoutOptions
from cislens.motifs.options import FilterOptions
from cislens.pipeline import folder, options, verbs
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.filters_options import Filters
from cislens.pipeline.method_options import Ism
from cislens.training.options import FitOptions

DATA = options.DataOptions(
    path=Path("a.fa"),
    negatives="dinucleotide-shuffle",
    tasks=["CTCF"],
    split=options.SplitOptions(by="chromosome", validation=["chr7"], test=["chr8"]),
)
CHOSEN = [
    verbs.Run(out=Path("run"), data=DATA, filters=FilterOptions(rule="top", threshold=50, cap=2)),
    verbs.Train(
        data=Path("a.zarr"),
        out=Path("run"),
        model=options.ModelOptions("deepbind", ["relu", "tanh"], {"filter_width": 24}),
        fit=FitOptions(epochs=3, precision="bf16-mixed"),
    ),
    verbs.Import(path=Path("a.tsv"), target_columns=["x", "y"], target_kind="count"),
    verbs.Simulate(task="koo2021_task1", out=Path("a.zarr"), factors=["SP1"]),
    verbs.Predict(model=Path("m.safetensors"), sequences=Path("a.fa"), out=Path("t.tsv")),
    verbs.Evaluate(run=Path("run"), split="validation"),
    Filters(
        run=Path("run"), layer="layer1", knockout=KnockoutOptions("zero", sequences=9, groups=True)
    ),
    verbs.Demo(scale="full"),
    Attribute(models=Path("run"), method="ism", ism=Ism(score="new"), targets=["SP1", 3]),
    Attribute(models=[Path("a.safetensors"), Path("b.safetensors")], targets="CTCF"),
]


@pytest.mark.parametrize("chosen", CHOSEN, ids=lambda chosen: type(chosen).__name__)
def test_written_yaml_reads_back_as_the_same_options(chosen, tmp_path):
    path = tmp_path / "options.yaml"
    folder.write_options(path, chosen)
    words = ["--config", str(path)]
    got = options_reader.read(
        "verb", type(chosen), words, positional=(), description="", examples=""
    )
    assert got == chosen


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "examples").glob("*.yaml")), ids=lambda p: p.stem
)
def test_example_is_a_run(path):
    got = options_reader.read(
        "run", verbs.Run, [str(path)], positional=("config",), description="", examples=""
    )
    assert isinstance(got, verbs.Run)
    assert got.name == yaml.safe_load(path.read_text())["name"]
