"""Maps in the formats that other tools read, beside their stores."""

from pathlib import Path

from cislens.data import dataset
from cislens.errors import UserError
from cislens.maps import genome, hdf5, modisco, store
from cislens.pipeline.attribute_options import Attribute, Format

OWN_BASES = {"input_x_gradient", "occlusion"}
"""Methods that say nothing of the bases that do not stand in a sequence."""


def check(chosen: Attribute, stored: dataset.SequenceDataset) -> None:
    """Refuse formats that these maps cannot have, before they are made.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    stored
        The dataset.

    Raises
    ------
    UserError
        If a format wants intervals or scores of all bases, and there are none.
    """
    for name in formats(chosen):
        if name in ("bigwig", "bedgraph") and stored.intervals is None:
            raise UserError(
                f"formats: {name} wants intervals, and {stored.path} has none; import it from a "
                "FASTA file with headers such as chr1:100-200, or a table with such columns"
            )
        own = chosen.method in OWN_BASES or chosen.gauge in ("global", "projected")
        if name in ("npz", "hdf5") and own:
            raise UserError(
                f"formats: {name} wants scores of all four bases, and {chosen.method} gives those "
                "of the sequence here; take a method such as deeplift_shap, saliency or ism, in "
                "its own gauge"
            )


def write(chosen: Attribute, path: Path) -> list[Path]:
    """Write a store in the formats that were asked for; files that stand there are replaced.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.
    path
        The store.

    Returns
    -------
    list of Path
        The files.
    """
    written: list[Path] = []
    for name in formats(chosen):
        maps = store.open(path)
        if name == "npz":
            pair = {"sequences": _beside(path, ".ohe.npz"), "scores": _beside(path, ".shap.npz")}
            modisco.write(maps, **pair)
            written += pair.values()
        elif name == "hdf5":
            written.append(_beside(path, ".h5"))
            hdf5.write(maps, written[-1])
        elif name == "bigwig":
            written.append(_beside(path, ".bw"))
            genome.write_bigwig(maps, written[-1], chromosome_sizes=chosen.chromosome_sizes)
        else:
            written.append(_beside(path, ".bedGraph"))
            genome.write_bedgraph(maps, written[-1])
    return written


def formats(chosen: Attribute) -> list[Format]:
    """List the formats that were asked for.

    Parameters
    ----------
    chosen
        The options of `cislens attribute`.

    Returns
    -------
    list of str
        Each once.
    """
    named = chosen.formats if isinstance(chosen.formats, list) else [chosen.formats]
    return list(dict.fromkeys(named))


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name.removesuffix(".zarr") + ending)
