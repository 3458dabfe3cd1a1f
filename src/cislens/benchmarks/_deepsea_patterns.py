"""The piece of the analysis of DeepSEA that looks for motifs in maps of some responses."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cislens.benchmarks import _deepsea_trials as trials
from cislens.data.dataset import SequenceView
from cislens.jobs.store import Place
from cislens.metrics import motif_agreement
from cislens.models import checkpoint
from cislens.pipeline import attributing, discovered, discovering, folder
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.discover_options import Discover
from cislens.pipeline.method_options import Method
from cislens.pipeline.options import MotifOptions
from cislens.sequence.pwm import Pwm

NAME = "network"
METHOD: Method = "saliency"


def discover(given: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Map the sequences with the highest predictions and find motifs in the maps.

    Options: responses (how many), most (sequences of each), motifs. Gradients of the outputs before
    the sigmoid, their mean over the four bases taken off at each position.
    """
    loaded, view = trials.model(place), trials.view_of(place, None)
    trials.fit(loaded, view)
    run = place.out / "run"
    (run / "models" / NAME).mkdir(parents=True)
    checkpoint.save(run / "models" / NAME / trials.MODEL, loaded.model, loaded.recipe)
    folder.write_json(run / "models" / NAME / "card.json", {"data": str(view.dataset.path)})
    chosen = responses(view, trials.known_of(given), given["responses"])
    if not chosen:
        return {"records": trials.record("patterns", "all", {"responses": 0.0})}
    attributing.run(
        Attribute(
            method=METHOD,
            gauge="corrected",
            models=run,
            targets=[*chosen],
            split="test",
            top=given["most"],
        )
    )
    records = trials.record("patterns", "all", {"responses": float(len(chosen))})
    return {"records": [*records, *_discovered(run, given, engine="cislens")]}


def modisco(given: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Find motifs in the same maps by TF-MoDISco; options and needs of `discover`, and itself."""
    before = place.needed[2].folder / "run"
    if not (before / discovered.MAPS).exists():
        return {"records": trials.record("TF-MoDISco", "all", {"responses": 0.0})}
    shutil.copytree(before, place.out / "run")
    return {"records": _discovered(place.out / "run", given, engine="modisco")}


def _discovered(
    run: Path, given: Mapping[str, Any], *, engine: Literal["cislens", "modisco"]
) -> list[dict[str, Any]]:
    motifs = MotifOptions(database=given.get("motifs") or trials.DATABASE)
    discovering.run(Discover(run=run, shuffled=given["most"], engine=engine, motifs=motifs))
    analysis = "patterns" if engine == "cislens" else "TF-MoDISco"
    records: list[dict[str, Any]] = []
    for maps in discovered.stores(run, name=METHOD, targets=[]):
        response = maps.header.provenance.target
        found = _found(discovered.place(run, maps), response)
        records += trials.record(analysis, response, found)
    return records


def responses(view: SequenceView, known: list[Pwm], number: int) -> list[str]:
    """Choose responses of factors with a known motif, the most positives first."""
    positives = (view.targets == 1).sum(axis=0)
    labels = sorted({motif.label for motif in known})
    chosen: list[str] = []
    taken: set[str] = set()
    for place in np.argsort(-positives, kind="stable"):
        name = view.tasks[int(place)]
        own = next((label for label in labels if motif_agreement.named_alike(name, label)), None)
        if own is not None and own not in taken and positives[place] and len(chosen) < number:
            chosen.append(name)
            taken.add(own)
    return chosen


def _found(out: Path, response: str) -> dict[str, float]:
    """Count the motifs of a response, and say how well the best match of its own factor is."""
    motifs = pd.read_csv(out / "motifs.csv")
    matches = pd.read_csv(out / "matches.csv", keep_default_na=False)
    own = matches[
        [motif_agreement.named_alike(response, label) for label in matches["target_label"]]
    ]
    return {
        "motifs": float(len(motifs)),
        "lowest E of its own factor": float(own["e"].min()) if len(own) else float("nan"),
    }


PIECES = {"discover": discover, "modisco": modisco}
"""Functions that `cislens.jobs` may call by name."""
