"""The main job, whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.maps import store
from cislens.pipeline import folder, main_job, options, verbs
from cislens.report import page
from cislens.training.options import FitOptions

FILES = [
    "run.yaml",
    "environment.json",
    "data.json",
    "verdict.json",
    "records.csv",
    "attributions/saliency.yaml",
    *(
        f"attributions/{name}/{method}/YY1{ending}"
        for name in ("relu", "exponential")
        for method in ("saliency", "ism")
        for ending in (".zarr/zarr.json", ".localisation.csv")
    ),
    *(
        f"models/{name}/{file}"
        for name in ("relu", "exponential")
        for file in (
            "model.safetensors",
            "card.json",
            "history.csv",
            "metrics.csv",
            "filters.meme",
            "filters.csv",
            "matches.csv",
            "matched.meme",
            "recovery.json",
        )
    ),
]


def test_run_folder_is_complete_and_holds_nothing_half_written(finished):
    assert all((finished.out / name).is_file() for name in FILES)
    assert not list(finished.out.rglob("*.partial"))


def test_running_again_trains_nothing(finished):
    paths = list(finished.out.glob("models/*/model.safetensors"))
    before = [path.stat().st_mtime_ns for path in paths]
    main_job.run(finished)
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_maps_are_of_the_highest_predictions(finished):
    one, other = (
        store.open(finished.out / "attributions" / name / "ism" / "YY1.zarr")
        for name in ("relu", "exponential")
    )
    assert one.ids == other.ids
    assert len(one) == 2
    assert "highest prediction of YY1 (mean of the models)" in one.header.provenance.selection


def test_verdict_on_file_has_three_numbers(finished):
    written = folder.read_json(finished.out / "verdict.json")
    assert len(written["numbers"]) == 3
    assert any("GC content alone" in note for note in written["notes"])


def test_missing_data_leaves_no_dataset(tmp_path):
    chosen = verbs.Run(
        out=tmp_path / "run", data=options.DataOptions(path=Path("no/such.fa"), negatives="x.fa")
    )
    with pytest.raises((UserError, OSError), match=r"such\.fa"):
        main_job.run(chosen)
    assert not list((tmp_path / "run").glob("*.zarr"))


@pytest.mark.parametrize("kind", ["continuous", "count"])
def test_measured_activity_has_its_own_scores_and_page(kind, tmp_path, rng):
    rows = []
    for _ in range(120):
        text = "".join(rng.choice(list("ACGT"), 100))
        rows.append(f"{text}\t{text.count('G')}\t{text.count('T')}")
    path = tmp_path / "mpra.tsv"
    path.write_text("sequence\tone\ttwo\n" + "\n".join(rows))
    chosen = verbs.Run(
        out=tmp_path / "run",
        data=options.DataOptions(path=path, target_columns=["one", "two"], target_kind=kind),
        model=options.ModelOptions(architecture="cnn-local", activations=["exponential"]),
        fit=FitOptions(epochs=1),
        motifs=options.MotifOptions(database="jaspar2016"),
    )
    judged = main_job.run(chosen)
    assert "Pearson" in judged.numbers[0].label
    text = page.render(chosen.out).read_text()
    assert "Pearson" in text
    assert "AUROC" not in text


def test_a_run_that_cannot_begin_leaves_nothing(tmp_path):
    chosen = verbs.Run(out=tmp_path / "run", data=options.DataOptions(path=tmp_path / "no.fa"))
    with pytest.raises(UserError, match=r"no\.fa: no such file"):
        main_job.run(chosen)
    assert not list(tmp_path.iterdir())


def test_a_motif_file_that_is_not_there_is_missed_at_once(finished, tmp_path):
    chosen = replace(
        finished, out=tmp_path / "run", motifs=options.MotifOptions(database="no.meme")
    )
    with pytest.raises(UserError, match=r"no\.meme"):
        main_job.run(chosen)
    assert not list(tmp_path.iterdir())


def test_an_output_that_is_not_there_is_missed_before_the_training(finished, tmp_path):
    maps = options.MapOptions(methods=["saliency"], targets=["FOXA1"])
    with pytest.raises(UserError, match=r"'FOXA1' is no output.*SRF, YY1"):
        main_job.run(replace(finished, out=tmp_path / "run", attribute=maps))
    assert not list(tmp_path.iterdir())
