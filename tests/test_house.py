"""The rules of the house, held by machine."""

import ast
import importlib
from pathlib import Path

import pytest

import cislens

SOURCE = Path(cislens.__file__).parent
TESTS = Path(__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
SHELVES = {
    "cislens.benchmarks": (["BENCHMARKS"], "plan"),
    "cislens.catalog": (["DATASETS"], "card"),
    "cislens.attribution": (["METHODS"], "attribute"),
    "cislens.models.zoo": (["ARCHITECTURES", "PROFILE_ARCHITECTURES"], "build"),
    "cislens.simulation.tasks": (["TASKS"], "simulate"),
}
ROOM_BESIDE_SHELF = {
    "cislens.benchmarks": {"completion", "pictures", "running", "suite", "summary"},
    "cislens.catalog": {"card", "download", "unpack"},
}
"""Files of a room that stand in the folder of its shelf."""


def name(path):
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_opens_with_a_docstring(path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path} has no docstring"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_has_at_most_300_lines(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=name)
def test_face_only_documents_and_lists(path):
    allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    assert all(isinstance(node, allowed) for node in ast.parse(path.read_text()).body)


@pytest.mark.parametrize("path", [p for p in MODULES if not p.name.startswith("_")], ids=name)
def test_module_has_its_mirror(path):
    if path.name in {"errors.py", "shapes.py"}:
        pytest.skip("holds a definition only")
    mirror = TESTS / path.relative_to(SOURCE).parent / f"test_{path.name}"
    assert mirror.exists(), f"{mirror.relative_to(TESTS.parent)} is missing"


@pytest.mark.parametrize("face", SHELVES)
def test_shelf_lists_every_file(face):
    listings, function = SHELVES[face]
    module = importlib.import_module(face)
    folder = Path(module.__file__).parent
    files = {p.stem for p in folder.glob("*.py") if not p.stem.startswith("_")}
    files -= ROOM_BESIDE_SHELF.get(face, set())
    listed = [value for listing in listings for value in getattr(module, listing).values()]
    homes = {value.__module__.rsplit(".", 1)[1] for value in listed}
    assert homes == files
    assert all(callable(getattr(importlib.import_module(f"{face}.{f}"), function)) for f in files)
