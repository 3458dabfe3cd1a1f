"""DeepSEA read from the inside: what its filters look like, and which responses need them.

An analysis, after one of the published network (T. M. Tang, deepsea-interpretability, 2020), of any
network of many responses: accuracy by class of assay; motifs of the first filters in three ways,
named by Tomtom; the change of every response when each filter is knocked out, and whether the two
agree; and the motifs that maps of some responses show, which need not stand in one filter.
Run with ``cislens benchmark run --config examples/deepsea/deepsea.yaml``.

References
----------
Zhou and Troyanskaya 2015, Nature Methods 12:931, doi:10.1038/nmeth.3547.
"""

import hashlib
import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cislens.benchmarks import _digests
from cislens.benchmarks.suite import Benchmark, Figure, Published
from cislens.errors import UserError
from cislens.jobs.plan import Piece

LABELS = ("analysis", "of")
TRIALS = "cislens.benchmarks._deepsea_trials"
PATTERNS = "cislens.benchmarks._deepsea_patterns"
FILES = {
    "weights": "deepsea.pth or beluga.pth",
    "names": "predictor.names",
    "model": "a model of cislens (.safetensors), in place of weights and names",
    "test": "test.mat or a folder of such, or a dataset of cislens (.zarr)",
    "motifs": "known motifs (MEME, JASPAR, HOMER), in place of JASPAR 2024 vertebrates",
}
"""What the user gives, by name."""

WITHOUT = (
    "TF-MoDISco is not installed (`pip install 'cislens[modisco]'`): motifs of maps are those that "
    "cislens finds itself."
)

KINDS: dict[str, dict[str, Any] | None] = {
    "weights": None,
    "best site": {"selection": "best-per-sequence"},
    "all sites": {"selection": "all"},
}
"""Ways to make a motif of a filter: options of its sites, or none where its weights are taken."""


@dataclass(frozen=True)
class Scale:
    """How many test sequences are asked, at most, by the kind of question."""

    scored: int | None
    read: int | None
    replaced: int
    responses: int
    explained: int


SCALES = {
    "smoke": Scale(64, 64, 16, 1, 12),
    "core": Scale(None, 20_000, 2_000, 5, 500),
    "full": Scale(None, None, 20_000, 20, 2_000),
}
"""Scales by name."""

_PUBLISHED = (
    (("accuracy", "TF"), "median AUROC", 0.9577, "recomputed from the published table"),
    (("accuracy", "DNase"), "median AUROC", 0.9236, "recomputed from the published table"),
    (("accuracy", "histone"), "median AUROC", 0.8556, "recomputed from the published table"),
    (("accuracy", "TF"), "median AUPR", 0.3035, "recomputed from the published table"),
    (("accuracy", "DNase"), "median AUPR", 0.4481, "recomputed from the published table"),
    (("accuracy", "histone"), "median AUPR", 0.3383, "recomputed from the published table"),
    (("filters", "weights"), "matched", 36.0, "E < 0.05, JASPAR 2020"),
    (("filters", "best site"), "matched", 55.0, "E < 0.05, JASPAR 2020"),
    (("filters", "all sites"), "matched", 28.0, "E < 0.05, JASPAR 2020"),
)


def plan(scale: str, *, files: Mapping[str, str]) -> Benchmark:
    """Plan the analysis.

    Parameters
    ----------
    scale
        A key of `SCALES`.
    files
        Paths by the names of `FILES`; weights and names, or model, and test.

    Returns
    -------
    Benchmark
        The analyses of one network.

    Raises
    ------
    UserError
        If a file is not there or one is missing.
    """
    _check(files)
    foreign = "weights" in files
    return Benchmark(
        name="deepsea",
        title="DeepSEA read from the inside",
        reference="Zhou and Troyanskaya 2015, Nature Methods 12:931, doi:10.1038/nmeth.3547",
        labels=LABELS,
        pieces=tuple(_pieces(SCALES[scale], files)),
        published=tuple(
            Published(dict(zip(LABELS, labels, strict=True)), metric, value, source)
            for labels, metric, value, source in _PUBLISHED
            if foreign
        ),
        figures=(
            Figure(
                title="Filters that match a known motif",
                metric="matched",
                across="of",
                where={"analysis": ["filters"]},
                caption="Of all first-layer filters, E < 0.05 against the whole database.",
            ),
        ),
        notes=(
            "Predictions are averaged over both strands, after the sigmoid, as published.",
            "Published filters are of DeepSEA of 2015 and JASPAR 2020; here JASPAR 2024.",
            "Sites are activations above 1e-6 for threshold and ReLU filters, which give nothing "
            "below; above half the maximum of the filter for others.",
            *(() if _has_modisco() else (WITHOUT,)),
        ),
    )


def _check(files: Mapping[str, str]) -> None:
    if unknown := [name for name in files if name not in FILES]:
        raise UserError(f"files.{unknown[0]}: nothing reads it; known are {', '.join(FILES)}")
    own, foreign = "model" in files, {"weights", "names"} <= set(files)
    if own == foreign or "test" not in files:
        wanted = "; ".join(f"{name}: {what}" for name, what in FILES.items())
        raise UserError(
            f"files: got {', '.join(files) or 'none'}; wants test, and weights with names or model "
            f"({wanted})"
        )
    for name, path in files.items():
        if not Path(path).exists():
            raise UserError(f"files.{name}: {path}: no such file")


def _pieces(size: Scale, files: Mapping[str, str]) -> Iterable[Piece]:
    given = {name: files[name] for name in ("weights", "names", "model") if name in files}
    network = Piece(
        f"{TRIALS}:network",
        {"files": given, "sha256": _digest(given)},
        label="network",
    )
    test = files["test"]
    data = Piece(
        f"{TRIALS}:data",
        {"test": test, "sha256": _digest({"test": test})},
        needs=(network,),
        label="data",
    )
    both = (network, data)
    motifs = {name: files[name] for name in ("motifs",) if name in files}
    known = {"motifs": files.get("motifs"), "motifs_sha256": _digest(motifs)}
    yield Piece(f"{TRIALS}:score", {"most": size.scored}, needs=both, label="accuracy")
    for kind, sites in KINDS.items():
        options = {"kind": kind, "sites": sites, "most": size.read, **known}
        named = Piece(f"{TRIALS}:name", options, needs=both, label=f"filters {kind}")
        yield named
        if kind == "all sites":
            yield Piece(
                f"{TRIALS}:replace",
                {"most": size.replaced},
                needs=(*both, named),
                label="importance",
            )
    yield from _patterns(size, known, both)


def _patterns(size: Scale, known: Mapping[str, Any], needs: tuple[Piece, Piece]) -> Iterable[Piece]:
    """Plan the motifs of maps of some responses, by TF-MoDISco too where it is installed."""
    options = {"responses": size.responses, "most": size.explained, **known}
    own = Piece(f"{PATTERNS}:discover", options, needs=needs, label="patterns")
    yield own
    if _has_modisco():
        yield Piece(f"{PATTERNS}:modisco", options, needs=(*needs, own), label="TF-MoDISco")


def _has_modisco() -> bool:
    return importlib.util.find_spec("modiscolite") is not None


def _digest(files: Mapping[str, str]) -> str:
    """Know files by what they hold, and not by their names alone."""
    parts: list[Path] = []
    for path in map(Path, files.values()):
        parts += sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    return hashlib.sha256(_digests.of_files(parts, option="files").encode()).hexdigest()
