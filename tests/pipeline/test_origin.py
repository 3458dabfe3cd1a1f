"""A run folder finds its dataset from any directory."""

import json
from pathlib import Path

import pytest

from cislens.errors import UserError
from cislens.pipeline import origin


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A directory with two.zarr, where runs/s0 was made by relative names."""
    (tmp_path / "project" / "two.zarr").mkdir(parents=True)
    (tmp_path / "project" / "runs" / "s0" / "models" / "relu").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "project")
    noted = origin.card(Path("runs/s0"), Path("two.zarr"))
    place = Path("runs/s0/models/relu")
    (place / "model.safetensors").touch()
    (place / "card.json").write_text(json.dumps(noted))
    Path("runs/s0/train.yaml").write_text("data: two.zarr\nout: runs/s0\n")
    return tmp_path / "project"


def forget(project):
    """Leave the card as earlier versions wrote it."""
    card = project / "runs/s0/models/relu/card.json"
    card.write_text(json.dumps({"data": "two.zarr"}))


CASES = [(".", "runs/s0"), ("runs", "s0"), ("runs/s0", "."), ("..", "project/runs/s0")]


@pytest.mark.parametrize(("here", "run"), CASES)
@pytest.mark.parametrize("old", [False, True])
def test_dataset_is_found_from_anywhere(project, monkeypatch, here, run, old):
    if old:
        forget(project)
    monkeypatch.chdir(project / here)
    assert origin.find(Path(run)).resolve() == (project / "two.zarr").resolve()


def test_way_is_relative(project):
    assert origin.card(Path("runs/s0"), project / "two.zarr")["data_from_run"] == "../../two.zarr"


def test_moved_together(project, monkeypatch):
    project.rename(project.with_name("elsewhere"))
    monkeypatch.chdir(project.parent)
    found = origin.find(Path("elsewhere/runs/s0"))
    assert found.resolve() == (project.parent / "elsewhere" / "two.zarr").resolve()


def test_own_dataset_wins_over_one_of_that_name_here(project, monkeypatch):
    (project / "runs" / "two.zarr").mkdir()
    monkeypatch.chdir(project / "runs")
    assert origin.find(Path("s0")).resolve() == (project / "two.zarr").resolve()


def test_run_folder_by_a_link(project, monkeypatch):
    (project.parent / "link").symlink_to(project / "runs" / "s0")
    monkeypatch.chdir(project.parent)
    assert origin.find(Path("link")).resolve() == (project / "two.zarr").resolve()


def test_missing_dataset_is_named_with_the_places_and_a_remedy(project, monkeypatch):
    (project / "two.zarr").rmdir()
    monkeypatch.chdir(project / "runs")
    with pytest.raises(UserError) as raised:
        origin.find(Path("s0"))
    text = str(raised.value)
    assert text.startswith("two.zarr: no such dataset")
    assert str(project.resolve() / "two.zarr") in text
    assert "--data" in text
