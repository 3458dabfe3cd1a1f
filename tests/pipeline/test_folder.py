"""Run folders."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cislens.errors import UserError
from cislens.pipeline import folder


@dataclass(frozen=True)
class Inner:
    epochs: int = 1


@dataclass(frozen=True)
class Options:
    out: Path
    names: tuple[str, ...] = ("a",)
    fit: Inner = field(default_factory=Inner)


def test_json_holds_numpy_paths_and_undefined_numbers(tmp_path):
    path = tmp_path / "deep" / "a.json"
    folder.write_json(path, {"x": np.float32(1.5), "y": float("nan"), "z": Path("p"), 3: {"q"}})
    assert folder.read_json(path) == {"x": 1.5, "y": None, "z": "p", "3": ["q"]}


@pytest.mark.parametrize(
    ("text", "message"), [(None, "no such file"), ('{"a":\n  oops}', r"a.json, line 2: not JSON")]
)
def test_broken_json_names_file_and_line(tmp_path, text, message):
    path = tmp_path / "a.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserError, match=message):
        folder.read_json(path)


def test_table_is_tab_or_comma_separated_by_its_ending(tmp_path):
    table = pd.DataFrame({"a": [1], "b": ["x"]})
    folder.write_table(tmp_path / "t.csv", table)
    folder.write_table(tmp_path / "t.tsv", table)
    assert (tmp_path / "t.csv").read_text() == "a,b\n1,x\n"
    assert (tmp_path / "t.tsv").read_text() == "a\tb\n1\tx\n"


def test_claim_goes_on_with_the_same_options_and_refuses_others(tmp_path):
    out = tmp_path / "run"
    folder.claim(out, Options(out))
    folder.claim(out, Options(out))
    with pytest.raises(UserError, match=r"fit.epochs was 1 and is now 2"):
        folder.claim(out, Options(out, fit=Inner(2)))


def test_claim_refuses_a_file(tmp_path):
    path = tmp_path / "run"
    path.touch()
    with pytest.raises(UserError, match="--out wants a folder"):
        folder.claim(path, Options(path))


def test_no_model_is_said(tmp_path):
    with pytest.raises(UserError, match="no trained model"):
        folder.models(tmp_path)


def test_command_can_be_pasted_into_a_shell(tmp_path, monkeypatch):
    words = ["attribute", "runs/my run", "--sequences", "[chr8:100-300]", "--targets", "it's", "*"]
    monkeypatch.setattr(sys, "argv", ["anything", *words])
    folder.write_environment(tmp_path, seed=3)
    command = folder.read_json(tmp_path / "environment.json")["command"]
    shown = subprocess.run(
        ["sh", "-c", f'cislens() {{ printf "%s\\n" "$@"; }}; {command}'],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout.splitlines() == words


def test_environment_names_versions_and_command(tmp_path):
    folder.write_environment(tmp_path, seed=3)
    written = folder.read_json(tmp_path / "environment.json")
    assert written["seed"] == 3
    assert written["command"].startswith("cislens")
    assert {"torch", "python", "platform", "date", "seconds"} <= set(written)


def refused(out, *made):
    """Claim a folder, make files in it, and find that an option does not fit."""
    with folder.claimed(out, Options(out)):
        for name in made:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text("")
        raise UserError("no")


def test_a_folder_in_which_nothing_was_trained_is_given_back(tmp_path):
    out = tmp_path / "run"
    with pytest.raises(UserError, match="no"):
        refused(out, "data.json", "dataset.zarr/zarr.json")
    assert not out.exists()
    out.mkdir()
    (out / "mine.txt").write_text("")
    with pytest.raises(UserError, match="no"):
        refused(out, "data.json", "of_another_program.txt")
    assert {path.name for path in out.iterdir()} == {"mine.txt", "of_another_program.txt"}


def test_a_folder_in_which_training_began_is_kept(tmp_path):
    out = tmp_path / "run"
    with pytest.raises(UserError, match="no"):
        refused(out, "models/relu/fit.pt")
    with pytest.raises(UserError, match="holds a run with other options"):
        folder.claim(out, Options(out, fit=Inner(2)))
