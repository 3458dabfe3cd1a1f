"""Score the models of a run on sequences they have not seen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cislens.data import dataset
from cislens.errors import UserError
from cislens.metrics import predictive, record
from cislens.models import checkpoint, inference, spec
from cislens.pipeline import folder, origin, profile_examples, profile_scoring, progress, verbs
from cislens.sequence import alphabet
from cislens.sequence.shapes import Codes

HEADLINE = {
    "binary": "auroc",
    "continuous": "pearson",
    "count": "pearson",
    "profile": "profile_pearson",
}


class OppositeStrand:
    """A view that reads every sequence as its reverse complement.

    Parameters
    ----------
    view
        The sequences.
    """

    def __init__(self, view: dataset.SequenceView) -> None:
        self._view = view

    def __len__(self) -> int:
        return len(self._view)

    def __getitem__(self, rows: slice) -> Codes:
        """Read sequences ``[a:b]``."""
        return np.ascontiguousarray(alphabet.reverse_complement(self._view[rows]))


def run(chosen: verbs.Evaluate) -> str:
    """Score every model of a run and write its metrics.csv.

    Parameters
    ----------
    chosen
        The options of `cislens evaluate`.

    Returns
    -------
    str
        One line a model, for the user.
    """
    stored = open_data(chosen.run, chosen.data)
    view = stored.view(chosen.split)
    if len(view) == 0:
        raise UserError(f"split={chosen.split}: {stored.path} has no such sequence; choose another")
    folder.write_options(chosen.run / "evaluate.yaml", chosen)
    lines, rows = [], []
    for place in folder.models(chosen.run):
        progress.step(f"scoring {place.name} on {len(view)} {chosen.split} sequences")
        table = _score(place, stored, view)
        table.insert(0, "split", chosen.split)
        folder.write_table(place / "metrics.csv", table)
        rows += list(_records(place, table, chosen.split))
        lines.append(_line(place.name, table, stored.target_kind))
    _keep_records(chosen.run, rows)
    if stored.profile is None:
        folder.write_json(chosen.run / "baseline.json", _baseline(stored, view))
    return "\n".join(lines)


def open_data(run_folder: Path, given: Path | None) -> dataset.SequenceDataset:
    """Open the dataset that is named, or the one the models were trained on.

    Parameters
    ----------
    run_folder
        A run folder with trained models.
    given
        A dataset, or None.

    Returns
    -------
    SequenceDataset
        The dataset.
    """
    return dataset.open(origin.find(run_folder) if given is None else given)


def load(place: Path, stored: dataset.SequenceDataset) -> checkpoint.Checkpoint:
    """Load a model and check that it fits a dataset.

    Parameters
    ----------
    place
        The model's folder.
    stored
        The dataset.

    Returns
    -------
    Checkpoint
        The model and its recipe.
    """
    loaded = checkpoint.load(place / "model.safetensors")
    check_fit(stored, loaded.recipe)
    return loaded


def check_fit(stored: dataset.SequenceDataset, recipe: spec.Recipe) -> None:
    """Refuse a dataset that a model was not made for.

    Parameters
    ----------
    stored
        The dataset.
    recipe
        The model's recipe.

    Raises
    ------
    UserError
        If alphabet or length differ.
    """
    for name, has, wants in (
        ("alphabet", stored.alphabet.name, recipe.alphabet),
        ("length", stored.length, recipe.input_length),
    ):
        if has != wants:
            raise UserError(f"{stored.path}: {name} {has}; the model was made for {name} {wants}")


def check_profile(stored: dataset.SequenceDataset, recipe: spec.Recipe) -> None:
    """Refuse tracks that a network of profiles was not made for, or a network without.

    Parameters
    ----------
    stored
        The dataset.
    recipe
        The model's recipe.

    Raises
    ------
    UserError
        If one has profiles and the other has none, or strands, control tracks or tasks differ.
    """
    if (stored.profile is not None) != (recipe.objective == "profile"):
        raise UserError(
            f"{stored.path}: {stored.target_kind} targets; the model was made for objective "
            f"{recipe.objective}"
        )
    if stored.tasks != recipe.tasks:
        raise UserError(
            f"{stored.path}: tasks {list(stored.tasks)}; the model predicts {list(recipe.tasks)}"
        )
    for name in ("strands", "control") if stored.profile else ():
        has, wants = getattr(stored.profile, name), recipe.options[name]
        if has != wants:
            raise UserError(f"{stored.path}: {name} {has}; the model was made for {name} {wants}")


def _score(
    place: Path, stored: dataset.SequenceDataset, view: dataset.SequenceView
) -> pd.DataFrame:
    loaded = load(place, stored)
    check_profile(stored, loaded.recipe)
    if stored.profile is not None:
        scored = profile_scoring.score(loaded, view)
        shown = profile_examples.choose(loaded, view, scored.divergence)
        folder.write_json(place / "profiles.json", shown)
        return scored.table
    forward = inference.predict(loaded.model, view)
    values = spec.to_prediction(loaded.recipe.objective, forward).double().numpy()
    table = predictive.evaluate(
        values, view.targets.astype(np.float64), tasks=stored.tasks, target_kind=stored.target_kind
    )
    if stored.alphabet.name == "DNA":
        opposite = inference.predict(loaded.model, OppositeStrand(view)).double().numpy()
        table["strand_agreement"] = predictive.pearson(forward.double().numpy(), opposite)
    return table


def _baseline(
    stored: dataset.SequenceDataset, view: dataset.SequenceView, block: int = 4096
) -> dict[str, object]:
    """How far GC content alone goes: what a network must beat to have learnt sequence."""
    gc: NDArray[np.float64] = np.concatenate(
        [
            ((codes == 1) | (codes == 2)).mean(axis=1)
            for codes in (view[i : i + block] for i in range(0, len(view), block))
        ]
    )
    targets = view.targets.astype(np.float64)
    values = np.repeat(gc[:, None], targets.shape[1], axis=1)
    if stored.target_kind == "binary":
        scores = predictive.auroc(values, targets)
        scores = np.maximum(scores, 1 - scores)
    else:
        scores = np.abs(predictive.pearson(values, targets))
    metric = HEADLINE[stored.target_kind]
    return {"metric": metric, "gc_content": dict(zip(stored.tasks, scores.tolist(), strict=True))}


def _records(place: Path, table: pd.DataFrame, split: str) -> Iterator[record.Record]:
    seed = int(folder.read_json(place / "card.json")["seed"])
    for row in table.to_dict("records"):
        for metric, value in row.items():
            if metric not in {"split", "task"}:
                yield record.Record(
                    suite="run",
                    model=place.name,
                    seed=seed,
                    metric=f"{split}/{row['task']}/{metric}",
                    value=float(value),
                    unit="count" if metric in {"n", "positives", "peaks"} else "1",
                )


def _keep_records(run_folder: Path, rows: list[record.Record]) -> None:
    path = run_folder / "records.csv"
    new = {(row.model, row.seed, row.metric) for row in rows}
    old = record.read(path) if path.exists() else []
    record.write(path, [r for r in old if (r.model, r.seed, r.metric) not in new] + rows)


def _line(name: str, table: pd.DataFrame, kind: str) -> str:
    metric = HEADLINE[kind]
    text = f"{name}: {metric} {table[metric].mean():.3f}"
    if kind == "profile":
        mean = table.mean(numeric_only=True)
        text += (
            f" (mean profile {mean['profile_pearson_mean_profile']:.3f}), JSD {mean['jsd']:.3f} "
            f"({mean['jsd_mean_profile']:.3f}), NLL {mean['nll']:.1f} "
            f"({mean['nll_mean_profile']:.1f}), Spearman of counts {mean['counts_spearman']:.3f}"
        )
    if kind == "binary":
        text += f", AUPR {table['aupr'].mean():.3f} (base rate {table['base_rate'].mean():.3f})"
    return f"{text} (mean of {len(table)} tasks)" if len(table) > 1 else text
