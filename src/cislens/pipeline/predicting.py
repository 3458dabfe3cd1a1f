"""A table of predictions for new sequences; of profiles also tracks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from torch import Tensor

from cislens import files
from cislens.data import dataset, encoding, fasta
from cislens.errors import UserError
from cislens.models import checkpoint, inference, spec
from cislens.pipeline import evaluating, profile_predicting, progress, verbs
from cislens.sequence import alphabet
from cislens.sequence.shapes import Codes

Block = tuple[list[str], Codes]


def run(chosen: verbs.Predict) -> str:
    """Predict every sequence of a file and write a table.

    Parameters
    ----------
    chosen
        The options of `cislens predict`.

    Returns
    -------
    str
        What was written, for the user.

    Raises
    ------
    UserError
        If the sequences do not fit the model, or the table exists.
    """
    if chosen.out.exists() and not chosen.overwrite:
        raise UserError(f"{chosen.out}: exists; give --overwrite true or another --out")
    loaded = checkpoint.load(chosen.model)
    if loaded.recipe.objective == "profile":
        return profile_predicting.run(chosen, loaded)
    count = 0
    with files.whole(chosen.out) as temporary, temporary.open("w", encoding="utf-8") as file:
        for names, codes in _blocks(chosen.sequences, loaded.recipe, chosen.batch_size):
            values = _values(loaded, codes, chosen)
            table = pd.DataFrame(values.numpy(), columns=list(loaded.recipe.tasks))
            table.insert(0, "id", names)
            table.to_csv(file, sep="\t", index=False, header=count == 0)
            count += len(names)
    tasks = progress.counted(len(loaded.recipe.tasks), "task")
    return f"{chosen.out}: {progress.counted(count, 'sequence')}, {tasks}"


def _values(loaded: checkpoint.Checkpoint, codes: Codes, chosen: verbs.Predict) -> Tensor:
    objective = loaded.recipe.objective
    forward = inference.predict(loaded.model, codes, batch_size=chosen.batch_size)
    values = spec.to_prediction(objective, forward)
    if not chosen.both_strands:
        return values
    if loaded.recipe.alphabet == "RNA":
        raise UserError("both_strands=true: RNA has one strand; leave the option out")
    opposite = np.ascontiguousarray(alphabet.reverse_complement(codes))
    reverse = inference.predict(loaded.model, opposite, batch_size=chosen.batch_size)
    return (values + spec.to_prediction(objective, reverse)) / 2


def _blocks(path: Path, recipe: spec.Recipe, batch_size: int, batches: int = 16) -> Iterator[Block]:
    size = batch_size * batches
    if path.is_dir():
        stored = dataset.open(path)
        evaluating.check_fit(stored, recipe)
        view = stored.view()
        for start in range(0, len(view), size):
            yield list(view.ids[start : start + size]), view[start : start + size]
        return
    letters = alphabet.by_name(recipe.alphabet)
    names: list[str] = []
    rows: list[np.ndarray] = []
    for found in fasta.records(path):
        if len(found.sequence) != recipe.input_length:
            raise UserError(
                f"{path}, line {found.line}: {found.id} has {len(found.sequence)} bp; the model "
                f"wants {recipe.input_length}"
            )
        names.append(found.id)
        rows.append(_encoded(found.sequence, letters, f"{path}, line {found.line}"))
        if len(rows) == size:
            yield names, np.stack(rows)
            names, rows = [], []
    if rows:
        yield names, np.stack(rows)


def _encoded(sequence: str, letters: alphabet.Alphabet, place: str) -> np.ndarray:
    try:
        return letters.encode(encoding.as_written(sequence, letters))
    except UserError as error:
        raise UserError(f"{place}: {error}") from error
