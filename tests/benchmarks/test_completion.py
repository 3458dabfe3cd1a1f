"""How far a folder is: what is done, spoilt or failed, and what is left."""

import json

import pytest

from cislens.benchmarks import completion, suite


def test_failures_are_named_with_their_errors(make, tmp_path):
    suite.run(make(bad=1), tmp_path)
    found = completion.of(make(bad=1), tmp_path)
    assert found.states == {"done": 4, "failed": 2}
    assert found.problems["a seed1"] == "ValueError: no luck"


def test_it_tells_what_is_spoilt_and_what_is_of_another_plan(make, tmp_path):
    suite.run(make(), tmp_path)
    spoilt = next((tmp_path / "results").iterdir())
    (spoilt / "values.json").write_text("{}")
    found = completion.of(make(), tmp_path)
    assert found.states == {"done": 5, "corrupt": 1}
    assert "made again" in next(iter(found.problems.values()))
    assert len(completion.of(make(seeds=1), tmp_path).foreign) == 4


def test_what_is_left_is_guessed_by_what_is_done(make, tmp_path):
    assert completion.of(make(), tmp_path).left is None
    suite.run(make(seeds=1), tmp_path)
    for manifest in tmp_path.glob("results/*/manifest.json"):
        written = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**written, "seconds": 20.0}))
    found = completion.of(make(seeds=3), tmp_path)
    assert (found.seconds, found.left) == (40, pytest.approx(80))
