"""The yeast half of the rerun of Tseng et al. 2020: which factors, and their data."""

from collections.abc import Mapping
from pathlib import Path

from cislens.benchmarks import _digests
from cislens.errors import UserError
from cislens.jobs.plan import Piece

DATA = "cislens.benchmarks._tseng_data"

FACTORS = ("Abf1", "Cbf1", "Mcm1", "Rap1", "Reb1", "Ume6")
"""Of yeast; each binds at least 200 places and has a motif of its own."""

NAME = f"yeast, {len(FACTORS)} factors"

BINS = {"width": 200, "stride": 50, "context": 400}

FIT = {"reverse_complement": 0.5, "shift": 20}
"""What the trainings see besides: a few thousand sites are soon known by heart."""

FILES = ("genome", "peaks")

CHROMOSOMES = {"validation": ["chrIV"], "test": ["chrVII", "chrXII"]}


def data(files: Mapping[str, str]) -> Piece:
    """Plan the dataset.

    Parameters
    ----------
    files
        Paths: "genome", a FASTA file, and "peaks", a folder with a file for each factor.

    Returns
    -------
    Piece
        Bins of the genome, bound or not.

    Raises
    ------
    UserError
        If a file is not there.
    """
    peaks = [of_factor(Path(files["peaks"]), factor) for factor in FACTORS]
    settings = {
        "genome": files["genome"],
        "peaks": [str(path) for path in peaks],
        "factors": list(FACTORS),
        "bins": BINS,
        "split": CHROMOSOMES,
        "sha256": _digests.of_files([Path(files["genome"]), *peaks], option="files"),
    }
    return Piece(f"{DATA}:yeast", settings, label="yeast data")


def of_factor(folder: Path, factor: str) -> Path:
    """Find the peak file of a factor.

    Parameters
    ----------
    folder
        Where to look.
    factor
        Its name.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UserError
        If there is none, or there are several.
    """
    found = sorted(folder.glob(f"{factor}[_.]*"))
    if len(found) != 1:
        raise UserError(
            f"files.peaks={folder}: {len(found)} files of {factor}; wants one named such as "
            f"{factor}_CX.bed"
        )
    return found[0]
