"""A benchmark in its folder: run, gone on with, looked at, and its tables."""

import json
import random
import subprocess
import sys
import time

import pandas as pd
import pytest

from cislens.benchmarks import suite
from cislens.errors import UserError


def table(out, name):
    return pd.read_csv(out / name, keep_default_na=False, na_values=[""])


def test_a_run_leaves_records_and_a_summary_beside_the_published(make, tmp_path):
    suite.run(make(), tmp_path)
    records = table(tmp_path, "records.csv")
    assert list(records) == ["model", "seed", "metric", "value"]
    assert len(records) == 12
    sizes = records[(records["metric"] == "size") & (records["model"] == "long")]
    assert list(sizes["value"]) == [4, 5, 6]
    found = table(tmp_path, "summary.csv").set_index(["model", "metric"])
    row = found.loc[("a", "size")]
    assert (row["median"], row["seeds"], row["published"], row["source"]) == (2, 3, 2.5, "text")
    assert found.loc[("a", "rest"), "undefined"] == 2
    assert found.loc[("other", "size"), "seeds"] == 0
    assert found.loc[("other", "size"), "published"] == 7
    assert len(table(tmp_path, "failed.csv")) == 0


def test_the_same_folder_takes_more_seeds_and_keeps_what_is_done(make, tmp_path):
    suite.run(make(seeds=1), tmp_path)
    sitting = suite.run(make(seeds=3), tmp_path)
    assert (len(sitting.done), sitting.before) == (4, 2)
    assert len(table(tmp_path, "records.csv")) == 12


def test_words_choose_pieces_by_their_labels(make, tmp_path):
    sitting = suite.run(make(), tmp_path, only=["seed1", "long"])
    assert len(sitting.done) == 1
    assert list(table(tmp_path, "records.csv")["model"]) == ["long", "long"]
    with pytest.raises(UserError, match=r"'Seed1' is in no label: did you mean 'seed1'\?"):
        suite.run(make(), tmp_path, only=["Seed1"])
    with pytest.raises(UserError, match="with 'a' there are such as 'a seed0', 'a seed1'"):
        suite.run(make(), tmp_path, only=["a", "long"])


def test_failures_are_listed_and_stop_nothing(make, tmp_path):
    sitting = suite.run(make(bad=1), tmp_path)
    assert len(sitting.failed) == 2
    failed = table(tmp_path, "failed.csv")
    assert list(failed["piece"]) == ["a seed1", "long seed1"]
    assert set(failed["error"]) == {"ValueError: no luck"}


def test_a_folder_is_of_one_benchmark(make, tmp_path):
    suite.run(make(seeds=1), tmp_path / "run")
    with pytest.raises(UserError, match="holds the benchmark toy"):
        suite.run(make(name="other"), tmp_path / "run")
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="wants a folder"):
        suite.run(make(), tmp_path / "file")
    with pytest.raises(UserError, match="benchmark run"):
        suite.read_head(tmp_path)


def test_the_head_says_what_a_report_needs(make, tmp_path):
    suite.run(make(seeds=1), tmp_path, settings={"scale": "smoke"})
    head = json.loads((tmp_path / "benchmark.json").read_text())
    assert head["settings"] == {"scale": "smoke"}
    assert head["figures"][0]["metric"] == "size"
    assert head["published"][0]["value"] == 2.5
    assert list(head["pieces"].values()) == ["a seed0", "long seed0"]
    assert json.loads((tmp_path / "environment.json").read_text())["cislens"]


@pytest.mark.slow
def test_twenty_kills_of_a_smoke_grid_leave_the_same_table(tmp_path):
    words = [sys.executable, "-m", "cislens.cli", "benchmark", "run", "koo2021", "--scale", "smoke"]
    words += ["--only", "[task3, cnn-local, seed0]"]
    rng = random.Random(7)

    def begin(out):
        return subprocess.Popen([*words, "--out", str(out)], stderr=subprocess.DEVNULL)

    assert begin(tmp_path / "alone").wait() == 0
    out = tmp_path / "killed"
    for _ in range(20):
        process = begin(out)
        while process.poll() is None and not (out / "lock").exists():
            time.sleep(0.01)
        # Imports take some seconds, and the whole grid not many more.
        time.sleep(rng.uniform(2, 8))
        process.kill()
        process.wait()
    assert begin(out).wait() == 0
    for name in ("records.csv", "summary.csv"):
        assert (out / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
