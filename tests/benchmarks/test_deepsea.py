"""The analysis of DeepSEA on files laid out as the published ones, with random weights."""

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import io

from cislens.benchmarks import _deepsea_trials, completion, deepsea, suite
from cislens.errors import UserError
from cislens.jobs.store import Store
from cislens.models import foreign, zoo

NAMES = [
    "8988T|DNase|None",
    "K562|CTCF|None",
    "K562|CTCF|None",
    "GM12878|JunD|None",
    "A549|H3K4me3|EtOH_0.02pct",
    "HepG2|Never|None",
]
ROWS = 24


def write_weights(path):
    """Lay a small network out as Kipoi does: kernels of height 1, channels A G C T."""
    torch.manual_seed(1)
    model = zoo.ARCHITECTURES["deepsea"](
        input_length=1000, outputs=len(NAMES), width_multiplier=0.05
    )
    state = model.state_dict()
    state["output.weight"] *= 40  # predictions that differ
    theirs = {}
    for key, name in foreign.LAYOUTS["deepsea"].layers.items():
        for kind in ("weight", "bias"):
            tensor = state[f"{name}.{kind}"]
            theirs[f"{key}.{kind}"] = tensor[:, :, None] if tensor.ndim == 3 else tensor
    theirs["0.weight"] = theirs["0.weight"][:, [0, 2, 1, 3]]
    torch.save(theirs, path)
    return model


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deepsea")
    rng = np.random.default_rng(0)
    model = write_weights(folder / "deepsea.pth").eval()
    codes = rng.integers(0, 4, (ROWS, 1000))
    codes = np.concatenate([codes, 3 - codes[:, ::-1]])
    with torch.no_grad():
        acgt = torch.from_numpy(np.stack([codes == base for base in range(4)], axis=1)).float()
        values = torch.sigmoid(model(acgt).double()).numpy()
    # Both strands of a region bear the same labels.
    both = values[:ROWS] + values[ROWS:]
    labels = np.concatenate([both > np.quantile(both, 0.7, axis=0)] * 2)
    labels[:, -1] = False
    agct = np.stack([codes == base for base in (0, 2, 1, 3)], axis=1)
    io.savemat(
        folder / "test.mat",
        {"testxdata": agct.astype(np.uint8), "testdata": labels.astype(np.uint8)},
    )
    (folder / "predictor.names").write_text("\n".join(f"{i}\t{n}" for i, n in enumerate(NAMES, 1)))
    named = {"weights": "deepsea.pth", "names": "predictor.names", "test": "test.mat"}
    return {name: str(folder / file) for name, file in named.items()}


@pytest.fixture(scope="module")
def done(files, tmp_path_factory):
    out = tmp_path_factory.mktemp("run") / "deepsea"
    benchmark = deepsea.plan("smoke", files=files)
    sitting = suite.run(benchmark, out)
    assert not sitting.failed
    store = Store(out)
    return out, {piece.label: store.read(piece).folder for piece in benchmark.pieces}


def value(out, analysis, of, metric):
    table = pd.read_csv(out / "records.csv", keep_default_na=False)
    rows = table[(table[["analysis", "of", "metric"]] == [analysis, of, metric]).all(axis=1)]
    assert len(rows) == 1
    return float(rows["value"].iloc[0])


def test_labels_made_by_the_network_are_predicted_in_the_right_order_of_channels_only(done):
    out, places = done
    assert value(out, "accuracy", "all", "median AUROC") == 1.0
    wrong = value(out, "accuracy", "all", "median AUROC, one strand, C and G exchanged")
    assert wrong < 0.7 < value(out, "accuracy", "all", "median AUROC, one strand")
    table = pd.read_csv(places["accuracy"] / "responses.csv", keep_default_na=False)
    assert table["class"].tolist() == ["DNase", "TF", "TF", "TF", "histone", "TF"]
    assert value(out, "accuracy", "TF", "responses") == 4


def test_responses_of_one_class_are_skipped_and_listed(done):
    out, places = done
    skipped = pd.read_csv(places["accuracy"] / "skipped.csv")
    assert skipped["response"].tolist() == ["HepG2|Never|None"]
    assert value(out, "accuracy", "all", "responses of one class") == 1


def test_filters_are_read_three_ways(done):
    out, places = done
    for kind in deepsea.KINDS:
        assert value(out, "filters", kind, "filters with a motif") == 16
        assert 0 <= value(out, "filters", kind, "matched") <= 16
        assert (places[f"filters {kind}"] / "filters.meme").exists()
    one, every = (
        pd.read_csv(places[f"filters {kind}"] / "filters.csv")["nsites"]
        for kind in ("best site", "all sites")
    )
    assert (one <= 4 * ROWS).all()
    assert (every >= one).all()


def test_every_response_is_asked_about_every_filter(done):
    out, places = done
    table = pd.read_csv(places["importance"] / "importance.csv")
    assert len(table) == 16 * len(NAMES)
    assert (table["absolute"] >= 0).all()
    assert value(out, "importance", "by the mean", "filters") == 16


def test_weights_of_another_order_of_channels_are_found_out(files, tmp_path):
    state = torch.load(files["weights"], weights_only=True)
    state["0.weight"] = state["0.weight"][:, [0, 2, 1, 3]]
    torch.save(state, tmp_path / "acgt.pth")
    benchmark = deepsea.plan("smoke", files={**files, "weights": str(tmp_path / "acgt.pth")})
    suite.run(benchmark, tmp_path / "run", only=["accuracy"])
    (problem,) = completion.of(benchmark, tmp_path / "run").problems.values()
    assert "C and G exchanged" in problem
    assert "other order of channels" in problem


def test_a_model_of_cislens_stands_in_place_of_weights(done, files, tmp_path):
    _, places = done
    model = next(places["accuracy"].parent.glob("*/model.safetensors"))
    data = next(places["accuracy"].parent.glob("*/data.zarr"))
    given = {"model": str(model), "test": str(data)}
    benchmark = deepsea.plan("smoke", files=given)
    assert benchmark.published == ()
    sitting = suite.run(benchmark, tmp_path / "run", only=["accuracy"])
    assert not sitting.failed
    assert value(tmp_path / "run", "accuracy", "all", "median AUROC") == 1.0


def test_maps_of_a_response_with_a_known_motif_are_read(done):
    out, places = done
    assert value(out, "patterns", "all", "responses") == 1
    assert value(out, "patterns", "K562|CTCF|None", "motifs") >= 0
    assert len(list((places["patterns"] / "run" / "motifs").rglob("seqlets.csv"))) == 1


@pytest.mark.parametrize("installed", [True, False])
def test_the_same_maps_are_given_to_modisco_if_it_is_installed(files, monkeypatch, installed):
    monkeypatch.setattr(deepsea, "_has_modisco", lambda: installed)
    benchmark = deepsea.plan("smoke", files=files)
    labels = [piece.label for piece in benchmark.pieces]
    assert ("TF-MoDISco" in labels) == installed
    assert (deepsea.WITHOUT in benchmark.notes) != installed


def test_modisco_leaves_the_motifs_of_cislens_where_they_were(done):
    pytest.importorskip("modiscolite")
    out, places = done
    assert value(out, "TF-MoDISco", "K562|CTCF|None", "motifs") >= 0
    assert len(list((places["TF-MoDISco"] / "run" / "motifs").rglob("*.h5"))) == 1
    assert not list((places["patterns"] / "run" / "motifs").rglob("*.h5"))


def test_filters_that_are_never_silent_are_read_from_half_their_maximum():
    assert _deepsea_trials._active("threshold").rule == "absolute"
    assert _deepsea_trials._active("exponential").rule == "fraction-of-maximum"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "files: got none"),
        ({"weights": "a", "test": "b"}, "wants test, and weights with names or model"),
        ({"model": "a", "weights": "b", "names": "c", "test": "d"}, "wants test"),
        ({"model": "a", "test": "b", "genome": "c"}, "files.genome: nothing reads it"),
        ({"model": "none.safetensors", "test": "none.zarr"}, "files.model: none.safetensors"),
    ],
)
def test_missing_files_are_named(given, said):
    with pytest.raises(UserError, match=said):
        deepsea.plan("smoke", files=given)
