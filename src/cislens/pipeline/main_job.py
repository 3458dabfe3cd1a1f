"""The main job: sequences in, motifs with names out."""

from pathlib import Path

from cislens.errors import UserError
from cislens.pipeline import (
    agreeing,
    attributing,
    card,
    evaluating,
    folder,
    import_warnings,
    importing,
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
    """
    chosen = recipes.applied(chosen)
    with folder.claimed(chosen.out, chosen):
        analyse(chosen, prepare(chosen))
    judged = verdict.of_run(chosen.out, e_threshold=chosen.motifs.e_threshold)
    verdict.write(chosen.out, judged)
    folder.write_environment(chosen.out, seed=chosen.seed)
    return judged


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
        If ``data.path`` is not there, or not as said.
    """
    if not chosen.data.path.exists():
        raise UserError(
            f"data.path={chosen.data.path}: no such file in {Path.cwd()}; get it (an example says "
            "in its first lines where from) or name another with --data.path FILE"
        )
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
    """
    card.write(chosen.out, data, name=chosen.name)
    train.models(
        verbs.Train(data=data, out=chosen.out, model=chosen.model, fit=chosen.fit, seed=chosen.seed)
    )
    for line in evaluating.run(verbs.Evaluate(run=chosen.out, data=data)).splitlines():
        progress.step(line)
    wanted = Filters(
        run=chosen.out,
        data=data,
        split=chosen.filter_split,
        filters=chosen.filters,
        motifs=chosen.motifs,
        importance=chosen.importance,
        knockout=chosen.knockout,
    )
    for line in naming.run(wanted).splitlines():
        progress.step(line)
    for method in chosen.attribute.methods:
        for line in attributing.run(_maps(chosen, data, method)).splitlines():
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
