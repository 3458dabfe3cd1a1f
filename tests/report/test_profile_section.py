"""The section of profiles: what is read, and files that are broken."""

import json

import pytest

from cislens.errors import UserError
from cislens.report import profile_section

SHARES = {"measured": [[0.5, 0.5], [1, 0]], "predicted": [[0.2, 0.8], [0.6, 0.4]]}


def window(quantile):
    return {
        "name": "peak:chr<1>:5-7", "quantile": quantile, "jsd": 0.25, "counts": 12.0,
        "expected": 9.6, **SHARES,
    }  # fmt: skip


def write(tmp_path, *, name="relu", windows=None):
    place = tmp_path / "models" / name
    place.mkdir(parents=True)
    windows = [window(0.05), window(0.5)] if windows is None else windows
    task = {"task": "Reb1", "peaks": 3, "mean": SHARES, "windows": windows}
    (place / "profiles.json").write_text(json.dumps({"tasks": [task]}))


def test_panels_say_what_is_shown(tmp_path):
    write(tmp_path)
    write(tmp_path, name="exponential")
    panels = profile_section.read(tmp_path)
    assert [panel.model for panel in panels] == ["exponential", "relu"]
    mean, first, second = panels[0].pairs
    assert mean.heading == "Mean of 3 peaks, each counting alike"
    assert (
        "better than 95 % of windows, divergence 0.250 nats, 12 counts, 10 expected"
        in first.heading
    )
    assert "the median window" in second.heading
    assert "<1>" not in first.measured
    assert "<text" in first.predicted


def test_no_profiles_no_section(tmp_path):
    assert profile_section.read(tmp_path) == []


@pytest.mark.parametrize(
    ("windows", "said"),
    [
        ([{"name": "x"}], r"profiles\.json: tasks\[0\]: windows\[0\]"),
        ([{**window(0.5), "measured": [["x"]]}], "no profiles of numbers"),
        ([{**window(0.5), "predicted": []}], "no profiles of numbers"),
    ],
)
def test_broken_files_are_named(tmp_path, windows, said):
    write(tmp_path, windows=windows)
    with pytest.raises(UserError, match=said):
        profile_section.read(tmp_path)
