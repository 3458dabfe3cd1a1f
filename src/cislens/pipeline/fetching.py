"""Published datasets, from the network or from a local copy, ready to become a dataset."""

import difflib
import shutil
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from cislens import catalog, files
from cislens.catalog import download
from cislens.catalog.card import Card, Remote
from cislens.errors import UserError
from cislens.pipeline import dataset_options, folder, progress

SUMS = "SHA256SUMS"
"""Checksums of what was fetched, as `sha256sum --check` reads them."""
WIDTH = 96


def run(chosen: dataset_options.Fetch) -> str:
    """Fetch a dataset, or list what there is.

    Parameters
    ----------
    chosen
        The options of `cislens data fetch`.

    Returns
    -------
    str
        What came and how to go on, for the user.

    Raises
    ------
    UserError
        If the name is unknown, a file cannot be had or is not the one wanted, or a genome is
        needed and not given.
    """
    if chosen.list or chosen.name is None:
        return listing()
    name = _known(chosen.name)
    card = catalog.DATASETS[name]()
    _check(name, card, chosen)
    place = chosen.out or Path("data") / name
    options = _filled(card.options, place)
    with _folder(place):
        sums = _recorded(place)
        came = [_have(file, place, chosen, sums) for file in card.files]
        if any(came) or not Path(options.get("path") or options["genome"]).exists():
            card.prepare(place, chosen.genome)
        if card.targets_after:
            options["target_columns"] = _columns_after(card.targets_after, Path(options["path"]))
    told = _describe(name, card, place, sums)
    text = _yaml(options, place / f"{name}.zarr")
    folder.write_text(place / f"{name}.txt", f"{told}\n")
    folder.write_text(place / f"{name}.yaml", text)
    return f"{told}\n\ngo on: {_next(card, place / f'{name}.yaml')}\n\n{text.rstrip()}"


def listing() -> str:
    """List the catalogue.

    Returns
    -------
    str
        A line a dataset.
    """
    cards = {name: card() for name, card in catalog.DATASETS.items()}
    width, sizes = max(map(len, cards)), max(len(card.size) for card in cards.values())
    rows = [f"{name:<{width}}  {card.size:>{sizes}}  {card.title}" for name, card in cards.items()]
    return "\n".join([*rows, "", "cislens data fetch NAME"])


def _known(name: str) -> str:
    """Find a dataset, in whatever case it is written."""
    if name.lower() in catalog.DATASETS:
        return name.lower()
    near = difflib.get_close_matches(name.lower(), catalog.DATASETS, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise UserError(f"name={name}: {hint}known are {', '.join(catalog.DATASETS)}")


def _check(name: str, card: Card, chosen: dataset_options.Fetch) -> None:
    """Refuse what cannot end well before anything is fetched."""
    if card.wants_genome and chosen.genome is None:
        raise UserError(
            f"{name}: brings regions without sequences; give the FASTA file of "
            f"{card.wants_genome} with --genome"
        )
    if chosen.genome is not None and not chosen.genome.is_file():
        raise UserError(f"genome={chosen.genome}: no such file; check the name")
    names = [file.name for file in card.files]
    if unknown := [key for key in chosen.sha256 if key not in names]:
        raise UserError(f"sha256: {unknown[0]!r} is no file of {name}; it has {', '.join(names)}")
    for key, value in chosen.sha256.items():
        if len(value) != 64 or set(value.lower()) - set("0123456789abcdef"):
            raise UserError(f"sha256: {value!r} of {key}: 64 hexadecimal digits are wanted")
    if chosen.from_ is not None:
        for file in names:
            if not (chosen.from_ / file).is_file():
                raise UserError(f"from={chosen.from_}: no {file} there; wanted: {', '.join(names)}")


@contextmanager
def _folder(place: Path) -> Iterator[None]:
    """Make a folder, and take it away again if nothing came into it."""
    place.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if not any(place.iterdir()):
            place.rmdir()


def _have(file: Remote, place: Path, chosen: dataset_options.Fetch, sums: dict[str, str]) -> bool:
    """Make sure of a file; True where it came now and was not there before."""
    out = place / file.name
    wanted = chosen.sha256.get(file.name, file.sha256 or sums.get(file.name))
    wanted = wanted.lower() if wanted else None
    fresh = not out.exists()
    if fresh and chosen.from_ is not None:
        _verify(file, chosen.from_ / file.name, wanted)
        with files.whole(out) as partial:
            shutil.copyfile(chosen.from_ / file.name, partial)
    elif fresh:
        with progress.counter(file.name) as tell:
            download.fetch(file, out, tell=tell, wanted=wanted)
    sums[file.name] = _verify(file, out, wanted)
    lines = (f"{value}  {name}\n" for name, value in sums.items())
    folder.write_text(place / SUMS, "".join(lines))
    return fresh


def _verify(file: Remote, path: Path, wanted: str | None) -> str:
    """Compute the checksum of a file and refuse one that is not wanted."""
    size = path.stat().st_size
    if file.size is not None and size != file.size and wanted == file.sha256:
        raise UserError(
            f"{path}: has {size:,} bytes, {file.size:,} are wanted; it is cut short or another file"
        )
    found = download.sha256(path)
    if wanted is not None and found != wanted:
        raise UserError(
            f"{path}: has SHA-256 {found}, {wanted} is wanted; it is damaged or another file"
        )
    return found


def _recorded(place: Path) -> dict[str, str]:
    """Read the checksums of an earlier fetch."""
    path = place / SUMS
    if not path.exists():
        return {}
    rows = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines())
    return {row[1]: row[0] for row in rows if len(row) == 2}


def _describe(name: str, card: Card, place: Path, sums: dict[str, str]) -> str:
    lines = [f"{name}: {card.title}", ""]
    for key, text in (("cite", card.citation), ("licence", card.licence), ("layout", card.layout)):
        wrapped = textwrap.wrap(text, WIDTH - 9, break_on_hyphens=False)
        lines += [f"{key:<9}{wrapped[0]}", *(" " * 9 + rest for rest in wrapped[1:])]
    lines.append("")
    for file in card.files:
        size = (place / file.name).stat().st_size
        lines += [f"{place / file.name}  {size:,} bytes", f"  sha256 {sums[file.name]}"]
        if file.sha256 is None:
            lines.append(f"  checksum unknown to the catalogue: kept in {SUMS} from now on")
    return "\n".join(lines)


def _filled(options: Any, place: Path) -> Any:  # noqa: ANN401
    """Write the folder of the dataset where options stand for it."""
    if isinstance(options, str):
        return options.replace("{folder}", str(place))
    if isinstance(options, list):
        return [_filled(item, place) for item in options]
    if isinstance(options, dict):
        return {key: _filled(item, place) for key, item in options.items()}
    return options


def _columns_after(column: str, table: Path) -> list[str]:
    with table.open(encoding="utf-8") as stream:
        names = stream.readline().rstrip("\n").split("\t")
    return names[names.index(column) + 1 :]


def _yaml(options: dict[str, Any], out: Path) -> str:
    written: str = yaml.safe_dump({**options, "out": str(out)}, sort_keys=False)
    hint = "# Your own files in place of PEAKS.bed.\n" if "PEAKS.bed" in written else ""
    return hint + written


def _next(card: Card, path: Path) -> str:
    flag = "" if card.verb == "data build" else "--config "
    return f"cislens {card.verb} {flag}{path}"
