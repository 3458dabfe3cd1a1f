"""The main job: sequences in, motifs with names out."""

from pathlib import Path

from cislens.data import dataset
from cislens.errors import UserError
from cislens.pipeline import (
    agreeing,
    attributing,
    card,
    evaluating,
    explained,
    folder,
    import_warnings,
    importing,
    motif_names,
    naming,
    progress,
    recipes,
    train,
    verbs,
    verdict,
)
from cislens.pipeline.attribute_options import Attribute
from cislens.pipeline.filters_options import Filters
from cislens.pipeline.method_options import Method


def run(chosen: verbs.Run) -> verdict.Verdict:
    """Run every step that is not done yet and write the run folder.

    Parameters
    ----------
    chosen
        The options of `cislens run`.

    Returns
    -------
    Verdict
        What was found.

    Raises
    ------
    UserError
        If a file that is wanted at any step is not there; nothing has been written then.
    """
    chosen = recipes.applied(chosen)
    check(chosen)
    with folder.claimed(chosen.out, chosen):
        analyse(chosen, prepare(chosen))
    judged = verdict.of_run(chosen.out, e_threshold=chosen.motifs.e_threshold)
    verdict.write(chosen.out, judged)
    folder.write_environment(chosen.out, seed=chosen.seed)
    return judged


def check(chosen: verbs.Run) -> None:
    """Look for what the last steps want before the first one takes its time.

    Parameters
    ----------
    chosen
        The options of `cislens run`.

    Raises
    ------
    UserError
        If ``data.path`` or ``motifs.database`` is not there.
    """
    if not chosen.data.path.exists():
        raise UserError(
            f"data.path={chosen.data.path}: no such file in {Path.cwd()}; get it (an example says "
            "in its first lines where from) or name another with --data.path FILE"
        )
    motif_names.known(chosen.motifs)


def prepare(chosen: verbs.Run) -> Path:
    """Make the run's dataset, unless it is there.

    Parameters
    ----------
    chosen
        The options of `cislens run`.

    Returns
    -------
    Path
        The dataset (.zarr).

    Raises
    ------
    UserError
        If ``data.path`` is not as said.
    """
    if chosen.data.path.suffix == ".zarr":
        return chosen.data.path
    out = chosen.out / "dataset.zarr"
    if not out.exists():
        progress.step(f"reading {chosen.data.path}")
        importing.write(chosen.data, out, seed=chosen.seed)
        for line in import_warnings.found(out, chosen.data):
            progress.step(line)
    progress.step(card.describe(out))
    return out


def analyse(chosen: verbs.Run, data: Path) -> None:
    """Train, score and read the networks of a run.

    Parameters
    ----------
    chosen
        The options of `cislens run`.
    data
        The dataset (.zarr).

    Raises
    ------
    UserError
        If an output that is to be explained is not there; no network has been trained then.
    """
    card.write(chosen.out, data, name=chosen.name)
    tasks = dataset.open(data).tasks
    maps = [_maps(chosen, data, method) for method in chosen.attribute.methods]
    for wanted in maps:
        explained.targets(wanted, tasks)  # refuses one that is not there, before the training
    train.models(
        verbs.Train(data=data, out=chosen.out, model=chosen.model, fit=chosen.fit, seed=chosen.seed)
    )
    for line in evaluating.run(verbs.Evaluate(run=chosen.out, data=data)).splitlines():
        progress.step(line)
    filters = Filters(
        run=chosen.out,
        data=data,
        split=chosen.filter_split,
        filters=chosen.filters,
        motifs=chosen.motifs,
        importance=chosen.importance,
        knockout=chosen.knockout,
    )
    for line in naming.run(filters).splitlines():
        progress.step(line)
    for wanted in maps:
        for line in attributing.run(wanted).splitlines():
            progress.step(line)
    if chosen.attribute.consensus:
        agreeing.write(chosen.out / "attributions", names=chosen.attribute.methods)


def _maps(chosen: verbs.Run, data: Path, method: Method) -> Attribute:
    return Attribute(
        method=method,
        models=chosen.out,
        data=data,
        targets=chosen.attribute.targets,
        split=chosen.attribute.split,
        top=chosen.attribute.top,
        seed=chosen.seed,
    )
