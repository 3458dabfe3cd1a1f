"""From a user's file to a dataset."""

from pathlib import Path

from cislens.data import build, dividing, folds, splits, store, table
from cislens.data.encoding import Encoding
from cislens.errors import UserError
from cislens.pipeline import building, card, folder, import_warnings, options, progress, verbs
from cislens.sequence import alphabet

FASTA = (".fa", ".fasta", ".fna")
TABLES = (".tsv", ".csv", ".txt", ".tab")
BUNDLES = (".h5", ".hdf5", ".mat", ".npz")


def run(chosen: verbs.Import) -> str:
    """Write the dataset.

    Parameters
    ----------
    chosen
        The options of `cislens data import`.

    Returns
    -------
    str
        What was written, for the user.
    """
    write(chosen, chosen.out, seed=chosen.seed, overwrite=chosen.overwrite)
    folder.write_options(folder.beside(chosen.out), chosen)
    for line in import_warnings.found(chosen.out, chosen):
        progress.step(line)
    return card.describe(chosen.out)


def write(chosen: options.DataOptions, out: Path, *, seed: int, overwrite: bool = False) -> None:
    """Write a dataset from whatever `chosen.path` is.

    Parameters
    ----------
    chosen
        Where the sequences come from.
    out
        The dataset to write (.zarr).
    seed
        Seed of random splits and shuffled negatives.
    overwrite
        Replace an existing dataset.

    Raises
    ------
    UserError
        If the file's ending is not known, or its contents do not fit the options.
    """
    if chosen.genome is not None:
        building.write(
            chosen.path, chosen.genome, out, split=chosen.split, seed=seed, overwrite=overwrite
        )
        return
    if chosen.path.is_dir() and store.is_dataset(chosen.path):
        raise UserError(
            f"{chosen.path}: is a dataset already; train on it as it is, or export it to a table "
            "and import that"
        )
    name = chosen.path.name.lower().removesuffix(".gz").removesuffix(".bgz")
    for endings, writer in ((FASTA, _fasta), (TABLES, _table), (BUNDLES, _bundle)):
        if name.endswith(endings) or (writer is _bundle and chosen.path.is_dir()):
            writer(chosen, out, seed, overwrite)
            return
    known = ", ".join([*FASTA, *TABLES, *BUNDLES, ".zarr"])
    raise UserError(f"{chosen.path}: the ending tells no known format; known are {known} (and .gz)")


def _fasta(chosen: options.DataOptions, out: Path, seed: int, overwrite: bool) -> None:
    if len(chosen.tasks) > 1:
        raise UserError(f"tasks={chosen.tasks}: a FASTA file has one task; give one name")
    plan = _plan(chosen.split)
    if isinstance(plan, splits.ByColumn):
        raise UserError("split.by=column: a FASTA file has no columns; use random or chromosome")
    build.from_fasta(
        chosen.path,
        out,
        negatives=chosen.negatives,
        split=plan,
        task=(chosen.tasks or ["bound"])[0],
        encoding=_encoding(chosen),
        seed=seed,
        overwrite=overwrite,
    )


def _table(chosen: options.DataOptions, out: Path, seed: int, overwrite: bool) -> None:
    if len(chosen.interval_columns) not in {0, 3, 4}:
        raise UserError(
            f"interval_columns={chosen.interval_columns}: chromosome, start, end and perhaps "
            "strand are wanted"
        )
    intervals: list[str | None] = [*chosen.interval_columns, None, None, None, None]
    columns = table.Columns(
        sequence=chosen.sequence_column,
        targets=chosen.target_columns,
        id=chosen.id_column,
        chrom=intervals[0],
        start=intervals[1],
        end=intervals[2],
        strand=intervals[3],
    )
    build.from_table(
        chosen.path,
        out,
        columns=columns,
        split=_plan(chosen.split),
        target_kind=chosen.target_kind,
        encoding=_encoding(chosen),
        seed=seed,
        overwrite=overwrite,
    )


def _bundle(chosen: options.DataOptions, out: Path, seed: int, overwrite: bool) -> None:
    if chosen.split.by not in {None, "given"}:
        raise UserError(
            f"split.by={chosen.split.by}: {chosen.path} brings its own splits; write split.by=given"
        )
    build.from_bundle(
        chosen.path,
        out,
        layout=chosen.layout,
        tasks=chosen.tasks or None,
        target_kind=chosen.target_kind,
        overwrite=overwrite,
    )


def _plan(chosen: options.SplitOptions) -> dividing.Plan | splits.ByColumn:
    if chosen.by == "folds":
        table = folds.read(chosen.file) if chosen.file else None
        return folds.ByFolds(*_held_out(chosen), table, chosen.folds)
    if chosen.by == "chromosome":
        return splits.ByChromosome(*_held_out(chosen))
    if chosen.by == "column":
        return splits.ByColumn(chosen.column)
    if chosen.by in {None, "random"}:
        return splits.ByFraction(*chosen.fractions)
    raise UserError("split.by=given: only bundles and datasets bring their own splits")


def _held_out(chosen: options.SplitOptions) -> tuple[list[str], list[str]]:
    return chosen.held_out("validation"), chosen.held_out("test")


def _encoding(chosen: options.DataOptions) -> Encoding:
    return Encoding(alphabet.by_name(chosen.alphabet), chosen.length, chosen.ambiguous)
