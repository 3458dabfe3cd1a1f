"""A run folder made up for the page: two models, twelve tasks, planted factors."""

import csv
import json
import shutil

import numpy as np
import pytest

from cislens.maps import writer
from cislens.maps.header import Header, Provenance
from cislens.maps.sequences import Sequences
from cislens.sequence import alphabet, meme
from cislens.sequence import pwm as pwms
from cislens.sequence.pwm import Pwm

FACTORS = [
    "ARID3A", "CEBPB", "FOSL1", "GABPA", "MAFK", "MAX", "MEF2A", "NFYB", "SP1", "SRF", "STAT1",
    "YY1",
]  # fmt: skip
FILTERS = 32


def motif(name, *, rng, width, label):
    return Pwm(name, rng.dirichlet(np.full(4, 0.15), size=width).T, label)


def write_csv(path, header, rows):
    with path.open("w", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])


def windowed(target, *, rng, offset, strand, width=19):
    """Cut what a filter of this width would show of a target that begins at ``offset``."""
    turned = pwms.reverse_complement(target) if strand == "-" else target
    columns = np.full((4, width), 0.25)
    for column, values in enumerate(turned.probabilities.T, start=offset):
        if 0 <= column < width:
            columns[:, column] = values
    noise = rng.dirichlet(np.full(4, 3.0), size=width).T
    return 0.85 * columns + 0.15 * noise


def history(epochs, *, floor, rng):
    rate = 1e-3
    for epoch in range(1, epochs + 1):
        rate = rate / 5 if epoch in {14, 20} else rate
        train = floor + 0.3 * np.exp(-epoch / 5) - 0.001 * epoch
        validation = floor + 0.29 * np.exp(-epoch / 4.5) + 0.0006 * max(0, epoch - 17) ** 1.5
        yield epoch, train, validation + 0.002 * rng.standard_normal(), rate


def card(*, activation):
    return {
        "architecture": "cnn-deep", "activation": activation, "parameters": 1_394_828,
        "objective": "binary", "options": {}, "epochs": 24, "best_epoch": 18, "seconds": 143.2,
        "seed": 0, "layer": "trunk.0", "first_filters": FILTERS,
    }  # fmt: skip


def metric_rows(rng):
    for split in ("train", "validation", "test"):
        for task in FACTORS:
            auroc, aupr, rate = rng.uniform([0.94, 0.6, 0.08], [0.99, 0.9, 0.18])
            yield split, task, auroc, aupr, rate, 2000


def filter_rows(database, *, good, rng):
    """Rows of filters.csv and of matches.csv, and the motifs; the first ``good`` filters match."""
    rows, matches, live = [], [], []
    for index in range(FILTERS):
        name = f"filter_{index}"
        if index % 9 == 4:
            rows.append((index, name, "dead", 0, "", 0.0, 0.0, ""))
            continue
        target, other = database[index % len(database)], database[(index + 5) % len(database)]
        offset, strand = int(rng.integers(-3, 9)), "+-"[index % 2]
        found = index < good
        flat = rng.dirichlet(np.full(4, 2.0), size=19).T
        columns = windowed(target, rng=rng, offset=offset, strand=strand) if found else flat
        live.append(Pwm(name, columns, nsites=float(rng.integers(40, 12_000))))
        bits = pwms.information(live[-1]).sum()
        rows.append((index, name, "ok", live[-1].nsites, bits, 0.5, 1.0, pwms.consensus(live[-1])))
        p = 10 ** -rng.uniform(6, 14) if found else 10 ** -rng.uniform(1.5, 3)
        e = p * len(database) * 40
        if found or index % 5:
            where = (offset, 8, strand)
            matches.append((name, target.name, target.label, p, e, min(1.0, e / 3), *where))
            matches.append(
                (name, other.name, other.label, p * 9, e * 9, min(1.0, e * 3), 1, 7, "+")
            )
    return rows, sorted(matches, key=lambda match: (match[5], match[3])), live


def recovery(rows, matches):
    best = {match[0]: match[2] for match in reversed(matches) if match[4] <= 0.1}
    names = [row[1] for row in rows]
    per_filter = {name: best.get(name) if best.get(name) in FACTORS else None for name in names}
    recovered = sorted({factor for factor in per_filter.values() if factor})
    matched = sum(factor is not None for factor in per_filter.values())
    return {
        "match_fraction": matched / FILTERS, "match_any": 0.8, "coverage": len(recovered) / 12,
        "redundancy": 2.1, "best_hit_precision": 0.91, "mean_q": 2e-6, "recovered": recovered,
        "missed": sorted(set(FACTORS) - set(recovered)), "per_filter": per_filter,
    }  # fmt: skip


def write_model(folder, database, *, good, rng):
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"")
    (folder / "card.json").write_text(json.dumps(card(activation=folder.name)))
    header = ["epoch", "train_loss", "validation_loss", "learning_rate"]
    write_csv(folder / "history.csv", header, history(24, floor=0.07 + 1 / good / 8, rng=rng))
    header = ["split", "task", "auroc", "aupr", "base_rate", "n"]
    write_csv(folder / "metrics.csv", header, metric_rows(rng))
    rows, matches, live = filter_rows(database, good=good, rng=rng)
    header = [
        "filter",
        "name",
        "state",
        "nsites",
        "information",
        "threshold",
        "max_activation",
        "consensus",
    ]
    write_csv(folder / "filters.csv", header, rows)
    header = ["query", "target", "target_label", "p", "e", "q", "offset", "overlap", "strand"]
    header, matches = [*header, "explained"], [[*match, 0.8] for match in matches]
    write_csv(folder / "matches.csv", header, matches)
    meme.write(folder / "filters.meme", live)
    meme.write(folder / "matched.meme", database)
    (folder / "recovery.json").write_text(json.dumps(recovery(rows, matches)))


def data_card():
    shares = {task: {"train": 0.12, "validation": 0.118, "test": 0.121} for task in FACTORS}
    return {
        "name": "Koo & Ploenzke 2021, task 1", "sequences": 20_000, "length": 200,
        "alphabet": "DNA", "target_kind": "binary", "tasks": FACTORS,
        "splits": {"train": 14_000, "validation": 2_000, "test": 4_000}, "gc": 0.487,
        "n_fraction": 0.0, "prevalence": shares,
        "source": {"task": "koo2021_task1", "seed": 33, "factors": FACTORS, "mode": "legacy"},
    }  # fmt: skip


def environment():
    return {
        "cislens": "0.1.0", "python": "3.11.9", "torch": "2.13.0", "platform": "Linux-6.1-x86_64",
        "command": "cislens demo --out runs/demo", "date": "2026-11-21T10:31:00+0000",
        "seconds": 412.0, "seed": 0,
    }  # fmt: skip


def verdict():
    rows = [
        ("Filters that match, exponential", "84%", "27 of 32 filters; 12 of 12 planted factors."),
        ("Filters that match, ReLU", "28%", "9 of 32 filters; 7 of 12 planted factors."),
        ("Test AUROC", "0.975", "Mean of 12 tasks, exponential; ReLU has 0.971."),
    ]
    return {
        "sentence": "With exponential activations 27 of 32 first-layer filters match a planted "
        "motif; with ReLU 9 do, at the same accuracy.",
        "numbers": [
            {"label": label, "value": None, "text": text, "explanation": explanation}
            for label, text, explanation in rows
        ],
        "notes": [
            "A smaller setting of the published task: 20,000 sequences, 24 epochs.",
            "One seed; the published spread over seeds is about 0.05.",
        ],
    }


def write_run(folder, *, rng):
    database = [
        motif(f"MA{number:04d}.1", rng=rng, width=int(rng.integers(7, 16)), label=label)
        for number, label in enumerate([*FACTORS, "JUN::FOS", "NFKB1"], start=2)
    ]
    folder.mkdir()
    (folder / "data.json").write_text(json.dumps(data_card()))
    (folder / "environment.json").write_text(json.dumps(environment()))
    (folder / "verdict.json").write_text(json.dumps(verdict()))
    (folder / "run.yaml").write_text("model:\n  architecture: cnn-deep\n")
    (folder / "records.csv").write_text("suite,model,seed,metric,value,unit\n")
    write_model(folder / "models" / "exponential", database, good=29, rng=rng)
    write_model(folder / "models" / "relu", database, good=8, rng=rng)
    return folder


@pytest.fixture(scope="session")
def pristine_run(tmp_path_factory):
    """A complete run folder, written once; not to be changed."""
    return write_run(tmp_path_factory.mktemp("page") / "run", rng=np.random.default_rng(5))


@pytest.fixture
def run_folder(pristine_run, tmp_path):
    """A run folder that a test may break."""
    return shutil.copytree(pristine_run, tmp_path / "run")


def write_maps(run, model, name, target, *, ids, outputs, length=200, deltas=True, motifs=True):
    """Write a store of maps whose bases and scores depend on the name of the sequence alone."""
    motif = {"name": "MA0079.3", "label": "SP1", "information": [2.0] * 10}
    other = {"name": "MA0058.3", "label": "MAX", "information": [1.0] * 10}
    work = Provenance(
        method=name, options={"shuffles": 20}, target=target, gauge="own", both_strands=False,
        model="a" * 64, sequences="b" * 64, seed=0, cislens="0.1.0",
        selection=f"the 3 of 9 test sequences with the highest prediction of {target}",
    )  # fmt: skip
    header = Header(len(ids), length, alphabet.DNA, 2, (), (motif, other) if motifs else (), work)
    sites = np.array([[row, 100, 110, 0, row % 2] for row in range(len(ids))])
    known = Sequences(ids, {}, sites if motifs else None)
    path = run / "attributions" / model / name / f"{target}.zarr"
    with writer.begin(path, header, known) as made:
        for rows in made.missing():
            rngs = [np.random.default_rng(list(ids[i].encode())) for i in range(*rows.indices(99))]
            codes = np.stack([rng.integers(0, 4, length, dtype=np.uint8) for rng in rngs])
            values = np.stack([rng.normal(0, 0.1, (4, length)) for rng in rngs])
            values[:, :, 100:110] += 4 * (codes[:, None, 100:110] == np.arange(4)[:, None])
            made.write(
                rows,
                writer.Block(
                    codes, values.astype(np.float32), np.array(outputs[rows], np.float32),
                    "hypothetical", "20 dinucleotide shuffles",
                    np.full((len(codes), 3), -2e-6, np.float32) if deltas else None,
                    (f"off by {rows.start}.5 in a sample",),
                ),
            )  # fmt: skip
    return path


@pytest.fixture
def run_with_maps(run_folder):
    """A run folder with maps of two models by two methods for two tasks."""
    ids = ["s1", "s2", "s3"]
    for model, outputs in (("exponential", [1.0, 5.0, 3.0]), ("relu", [1.0, 0.0, 3.0])):
        for name in ("deeplift_shap", "ism"):
            for target in ("SP1", "MAX"):
                path = write_maps(
                    run_folder, model, name, target, ids=ids, outputs=outputs,
                    deltas=name != "ism",
                )  # fmt: skip
                path.with_name(f"{target}.localisation.csv").write_text(
                    "id,auroc,aupr,base_rate\ns1,0.75,0.5,0.1\ns2,,,0.0\ns3,1.0,0.7,0.2\n"
                )
    return run_folder


@pytest.fixture
def write_maps_of(run_folder):
    """Write maps of two sequences for a target of a model."""

    def write(model, target, **more):
        known = {"ids": ["a", "b"], "outputs": [0.0, 1.0], "length": 20, "motifs": False}
        return write_maps(run_folder, model, "saliency", target, **(known | more))

    return write


@pytest.fixture
def counted():
    """Make what `cislens data inspect` counts."""
    return _counted


SPLITS = ("train", "validation", "test")


def _counted(tasks=("t",), **changed):
    numbers = {"measured": 10, "mean": 0.25, "sd": 0.4, "lowest": 0.0, "highest": 1.0}
    return {
        "name": "d",
        "sequences": 1000,
        "length": 20,
        "alphabet": "DNA",
        "target_kind": "binary",
        "source": {"path": "<p>"},
        "splits": {
            name: {"sequences": n, "gc": 0.5, "n_fraction": 0.01, "with_n": 3, "only_n": 0}
            for name, n in zip(SPLITS, (800, 100, 100), strict=True)
        },
        "gc": {
            "width": 0.1,
            "counts": {
                name: {"without": [0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0], "with": [0] * 11}
                for name in SPLITS
            },
        },
        "labels": {name: [1, *[0] * 20, 2] for name in SPLITS},
        "tasks": {
            task: {
                "splits": {name: {**numbers, "mean": n / 100} for name in SPLITS},
                "gc": {"without": 0.4, "with": 0.5},
            }
            for n, task in enumerate(tasks)
        },
        "values": {},
        "profile": None,
        "chromosomes": {f"chr{n}": dict.fromkeys(SPLITS, n) for n in range(6)},
        "duplicates": {
            "within": dict.fromkeys(SPLITS, 0), "across": [], "groups": 0, "conflicting": 0,
            "examples": [],
        },
        "overlaps": None,
        "remarks": ["Beware."],
        **changed,
    }  # fmt: skip
