"""Verdicts on runs whose files are made by hand."""

import pandas as pd
import pytest

from cislens.pipeline import folder, verdict


def make(run, name, *, auroc, e_values, recovery=None):
    place = run / "models" / name
    place.mkdir(parents=True)
    (place / "model.safetensors").touch()
    names = [f"filter_{i}" for i in range(4)]
    folder.write_table(
        place / "metrics.csv", pd.DataFrame({"split": "test", "task": ["t"], "auroc": [auroc]})
    )
    folder.write_table(
        place / "filters.csv", pd.DataFrame({"name": names, "state": ["ok", "ok", "ok", "dead"]})
    )
    matches = pd.DataFrame(
        {
            "query": names[: len(e_values)],
            "target": [f"MA{i}" for i in range(len(e_values))],
            "target_label": [f"TF{i}" for i in range(len(e_values))],
            "p": e_values,
            "e": e_values,
            "q": e_values,
        }
    )
    folder.write_table(place / "matches.csv", matches)
    if recovery is not None:
        folder.write_json(place / "recovery.json", recovery)


@pytest.fixture
def run(tmp_path):
    folder.write_json(tmp_path / "data.json", {"target_kind": "binary"})
    return tmp_path


def test_verdict_is_about_the_model_with_most_named_filters(run):
    make(run, "relu", auroc=0.99, e_values=[0.5, 3.0])
    make(run, "exponential", auroc=0.95, e_values=[0.05, 1e-9, 0.2])
    judged = verdict.of_run(run, e_threshold=0.1)
    assert [number.text for number in judged.numbers] == ["0.950", "2 of 4", "TF1 (q = 1.0e-09)"]
    assert "exponential" in judged.sentence
    assert "TF1" in judged.sentence
    assert any("1 gave no motif" in note for note in judged.notes)
    assert str(judged).count("\n") == 3


@pytest.mark.parametrize("e_values", [[], [0.3, 0.2]])
def test_no_match_is_said_plainly(run, e_values):
    make(run, "relu", auroc=0.7, e_values=e_values)
    judged = verdict.of_run(run, e_threshold=0.1)
    assert "No filter" in judged.sentence
    assert (judged.numbers[2].value, judged.numbers[2].text) == (None, "none")


def test_baseline_and_undefined_tasks_are_noted(run):
    make(run, "relu", auroc=float("nan"), e_values=[0.01])
    folder.write_json(run / "baseline.json", {"metric": "auroc", "gc_content": {"t": 0.625}})
    notes = verdict.of_run(run, e_threshold=0.1).notes
    assert any("AUROC 0.625" in note for note in notes)
    assert any("1 task with one class" in note for note in notes)
