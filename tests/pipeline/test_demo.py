"""The demonstration's verdict, and its setting."""

import pytest

from cislens.pipeline import demo, folder, verbs


def test_judge_counts_what_recovery_says(finished):
    judged = demo.judge(finished.out, "a note")
    for number, name in zip(judged.numbers, ("exponential", "relu"), strict=False):
        names = folder.read_json(finished.out / "models" / name / "recovery.json")["per_filter"]
        matched = sum(factor is not None for factor in names.values())
        assert number.text == f"{matched} of 24"
    assert judged.notes[0] == "a note"


def test_full_scale_is_the_published_task():
    scale = demo.SCALES["full"]
    assert (scale.sequences, scale.architecture, scale.epochs) == (30_000, "cnn-deep", 100)


@pytest.mark.slow
def test_small_demo_shows_the_effect(tmp_path):
    judged = demo.run(verbs.Demo(out=tmp_path / "demo"))
    exponential, relu, _ = judged.numbers
    assert exponential.value > 0.5
    assert relu.value < 0.1


def test_tiny_demo_runs_every_step(tmp_path, monkeypatch):
    tiny = demo.Scale(300, "cnn-local", 1, "tiny")
    monkeypatch.setitem(demo.SCALES, "small", tiny)
    judged = demo.run(verbs.Demo(out=tmp_path / "demo"))
    assert len(judged.numbers) == 3
    assert (tmp_path / "demo" / "verdict.json").is_file()
