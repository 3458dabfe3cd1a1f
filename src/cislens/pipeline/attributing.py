"""Base-resolution maps of models on a dataset, computed block by block into stores."""

import dataclasses
import functools
import inspect
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from cislens import attribution
from cislens.errors import UserError
from cislens.maps import writer
from cislens.maps.header import Header, Provenance
from cislens.models import inference
from cislens.pipeline import (
    evaluating,
    explained,
    folder,
    locating,
    map_exporting,
    map_summary,
    planted,
    progress,
)
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.explained import Explained, Selection
from cislens.pipeline.method_options import MethodOptions
from cislens.sequence import attributions
from cislens.sequence import onehot as onehots
from cislens.sequence.attributions import Attributions
from cislens.sequence.shapes import Codes


@dataclass(frozen=True)
class Work:
    """The maps of one target of one model.

    Attributes
    ----------
    model
        The model.
    target
        Number of the output.
    selection
        The sequences.
    path
        Where the store is written.
    """

    model: Explained
    target: int
    selection: Selection
    path: Path


def run(chosen: Attribute) -> str:
    """Write the maps that were asked for, going on where an earlier run stopped.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.

    Returns
    -------
    str
        One line a model, for the user.

    Raises
    ------
    UserError
        If models, dataset, targets and options do not fit each other, or other work stands there.
    """
    works = plan(chosen)
    write(chosen, works)
    names = dict.fromkeys(work.model.name for work in works)
    return "\n".join(
        map_summary.text(name, [work.path for work in works if work.model.name == name])
        for name in names
    )


def plan(chosen: Attribute) -> list[Work]:
    """Find out what is to be done, without doing it.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.

    Returns
    -------
    list of Work
        Target by target within each model.

    Raises
    ------
    UserError
        If models, dataset, targets and options do not fit each other.
    """
    run_folder = explained.run_folder(chosen)
    if chosen.out is None and run_folder is None:
        raise UserError("out: wants a folder for the maps, since model files are named")
    if chosen.data is None and run_folder is None:
        raise UserError("data: wants a dataset (.zarr), since model files are named")
    out = chosen.out or (run_folder or Path()) / "attributions"
    stored = evaluating.open_data(run_folder or Path(), chosen.data)
    map_exporting.check(chosen, stored)
    models = explained.models(chosen, stored)
    wanted = explained.targets(chosen, models[0].recipe.tasks)
    for model in models[1:]:
        if model.recipe.tasks != models[0].recipe.tasks:
            raise UserError(
                f"models: {model.name} and {models[0].name} have different tasks; explain them one "
                "at a time"
            )
    selections = explained.selections(chosen, stored, models, wanted)
    names = _file_names([models[0].recipe.tasks[target] for target in wanted])
    return [
        Work(model, target, selections[target], out / model.name / label(chosen) / f"{name}.zarr")
        for model in models
        for target, name in zip(wanted, names, strict=True)
    ]


def write(chosen: Attribute, works: list[Work]) -> None:
    """Write stores, showing how far it is.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    works
        What is to be done.
    """
    total = sum(len(work.selection.view) for work in works)
    before = 0
    names = list(dict.fromkeys(work.model.name for work in works))
    progress.step(f"{chosen.method}: {total} maps of {', '.join(names)}")
    with progress.counter(label(chosen)) as tell:
        for work in works:
            for done in _written(chosen, work):
                tell(before + done, total)
            before += len(work.selection.view)
            map_exporting.write(chosen, work.path)
            locating.write(work.path)
    folder.write_text(works[0].path.parents[2] / f"{label(chosen)}.yaml", _yaml(chosen))


def label(chosen: Attribute) -> str:
    """Name the maps.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.

    Returns
    -------
    str
        The name that was given, or that of the method.
    """
    return chosen.name or chosen.method


def bound(chosen: MethodOptions, *, seed: int, **settings: Any) -> Callable[..., Attributions]:  # noqa: ANN401
    """Bind the options of a method.

    Parameters
    ----------
    chosen
        The method and its options.
    seed
        Seed of everything random. A method bound anew draws the same for the same sequence.
    **settings
        ``batch_size`` and ``device``; None leaves what the method has.

    Returns
    -------
    Callable
        The method, to be called with a network, sequences and a target.
    """
    method = attribution.METHODS[chosen.method]
    options = {**chosen.own, **{key: value for key, value in settings.items() if value is not None}}
    shuffles = options.pop("shuffles", None)
    if options.get("references") == "dinucleotide":
        options["references"] = attribution.shuffled(shuffles)
    if "rng" in inspect.signature(method).parameters:
        options["rng"] = np.random.default_rng(seed)
    return functools.partial(method, **options)


def block(chosen: Attribute, network: nn.Module, codes: Codes, *, target: int) -> writer.Block:
    """Make the maps of some sequences.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    network
        The network, of both strands if that was asked for.
    codes
        The sequences.
    target
        Number of the output.

    Returns
    -------
    Block
        The maps, as a store takes them.
    """
    onehot = onehots.from_codes(codes)
    method = bound(chosen, seed=chosen.seed, batch_size=chosen.batch_size, device=chosen.device)
    with warnings.catch_warnings():
        # What they say stands in the notes, block by block.
        warnings.filterwarnings("ignore", message=f"{chosen.method}: ", category=UserWarning)
        found = method(network, onehot, target=target)
    if chosen.gauge != "own":
        found = attributions.regauge(found, to=chosen.gauge, onehot=onehot)
    outputs = inference.predict(network, codes, device=chosen.device)[:, target]
    return writer.Block(
        codes=codes,
        values=found.values.numpy(),
        outputs=outputs.numpy(),
        gauge=found.gauge,
        reference=found.reference,
        deltas=None if found.deltas is None else found.deltas.numpy(),
        notes=found.notes,
    )


def _written(chosen: Attribute, work: Work) -> Iterator[int]:
    """Write one store; yield how many of its sequences are done."""
    described = planted.sequences(work.selection.view)
    begun = writer.begin(work.path, _header(chosen, work), described, overwrite=chosen.overwrite)
    with begun as made:
        yield made.done
        for rows in made.missing():
            codes = work.selection.view[rows]
            made.write(rows, block(chosen, work.model.model, codes, target=work.target))
            yield rows.stop


def _header(chosen: Attribute, work: Work) -> Header:
    view = work.selection.view
    return Header(
        sequences=len(view),
        length=view.length,
        alphabet=view.dataset.alphabet,
        block=chosen.block_size,
        chromosomes=planted.chromosomes(view.dataset),
        motifs=planted.motifs(view.dataset),
        provenance=Provenance(
            method=chosen.method,
            options=chosen.own,
            target=work.model.recipe.tasks[work.target],
            gauge=chosen.gauge,
            both_strands=chosen.both_strands,
            model=work.model.hash,
            sequences=work.selection.hash,
            seed=chosen.seed,
            cislens=version("cislens"),
            model_name=work.model.name,
            dataset=str(view.dataset.path),
            selection=work.selection.words,
            settings={"batch_size": chosen.batch_size, "device": chosen.device},
        ),
    )


def _file_names(tasks: list[str]) -> list[str]:
    """Make names of files that differ where the tasks do, in upper and lower case too."""
    plain = [re.sub(r"[^\w.+-]+", "_", task).lstrip(".") or "_" for task in tasks]
    folded = [name.lower() for name in plain]
    return [
        name if folded.count(name.lower()) == 1 else f"{name}.{number}"
        for number, name in enumerate(plain)
    ]


def _yaml(chosen: Attribute) -> str:
    """Write the options without those of other methods."""
    others = {item.name for item in dataclasses.fields(MethodOptions)} - {"method", chosen.method}
    kept = [item.name for item in dataclasses.fields(chosen) if item.name not in others]
    return folder.as_yaml({name: getattr(chosen, name) for name in kept})
