"""What the verbs say."""

import dataclasses
import json

import pytest

from cislens.benchmarks import BENCHMARKS, running, suite
from cislens.errors import UserError
from cislens.jobs.executor import ExecutorOptions
from cislens.pipeline.benchmark_options import BenchmarkFolder, BenchmarkRun
from cislens.report import benchmark


@pytest.fixture(autouse=True)
def _toy(make, monkeypatch):
    monkeypatch.setitem(
        BENCHMARKS, "toy", lambda scale, *, files: make(seeds=1 if scale == "smoke" else 3)
    )


def test_run_says_what_was_done_and_status_what_is_left(tmp_path, capsys):
    said = running.run(BenchmarkRun("toy", tmp_path, scale="core", only=["a"]))
    assert "3 pieces done, 0 were done before" in said
    told = running.status(BenchmarkFolder(tmp_path))
    assert told.startswith("Toy: 3 done, 3 absent of 6")
    assert "the rest may take 0 s" in told


def test_a_failed_piece_ends_the_run_with_an_error_after_all_others(tmp_path, make, monkeypatch):
    monkeypatch.setitem(BENCHMARKS, "toy", lambda scale, *, files: make(seeds=2, bad=1))
    with pytest.raises(UserError, match=r"(?s)2 pieces done.*a seed1 failed: .*no luck.*again"):
        running.run(BenchmarkRun("toy", tmp_path))
    assert (tmp_path / "summary.csv").exists()
    assert running.status(BenchmarkFolder(tmp_path)).startswith("Toy: 2 done, 2 failed of 4")


def test_status_follows_the_scale_of_the_last_run(tmp_path):
    running.run(BenchmarkRun("toy", tmp_path, scale="core"))
    running.run(BenchmarkRun("toy", tmp_path, scale="smoke"))
    told = running.status(BenchmarkFolder(tmp_path))
    assert told.startswith("Toy: 2 done of 2")
    assert "4 results of other plans" in told


def test_another_scale_than_the_last_is_told(tmp_path, capsys):
    running.run(BenchmarkRun("toy", tmp_path, scale="smoke"))
    assert "last run" not in capsys.readouterr().err
    running.run(BenchmarkRun("toy", tmp_path, scale="core"))
    assert (
        "last run at scale smoke: tables and page will be those of core" in capsys.readouterr().err
    )


def test_a_run_that_was_ended_has_a_page(tmp_path, monkeypatch):
    monkeypatch.setattr(suite.executor, "run", ended)
    with pytest.raises(KeyboardInterrupt):
        running.run(BenchmarkRun("toy", tmp_path, scale="core"))
    chosen = BenchmarkFolder(tmp_path)
    running.refresh(chosen)
    assert "Toy" in benchmark.html(tmp_path)


def ended(*_given, **_options):
    raise KeyboardInterrupt


def test_executors_are_chosen(tmp_path):
    options = ExecutorOptions("processes", workers=2)
    assert "6 pieces done" in running.run(BenchmarkRun("toy", tmp_path, executor=options))


def test_an_unknown_benchmark_lists_the_known(tmp_path):
    with pytest.raises(UserError, match="known are koo2021"):
        running.run(BenchmarkRun("koo2020", tmp_path))


def test_refresh_brings_tables_and_published_values_up_to_date(tmp_path, make, monkeypatch):
    running.run(BenchmarkRun("toy", tmp_path, scale="smoke"))
    monkeypatch.setitem(
        BENCHMARKS,
        "toy",
        lambda scale, *, files: dataclasses.replace(make(seeds=1), notes=("New.",)),
    )
    (tmp_path / "records.csv").unlink()
    running.refresh(BenchmarkFolder(tmp_path))
    assert (tmp_path / "records.csv").exists()
    head = json.loads((tmp_path / "benchmark.json").read_text())
    assert (head["notes"], head["settings"]["scale"]) == (["New."], "smoke")
