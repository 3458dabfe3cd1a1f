"""Small stores of maps."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("making.py")


@pytest.fixture(scope="session")
def making():
    """The module that makes small stores; also a script."""
    spec = importlib.util.spec_from_file_location("making", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def stored(making, tmp_path):
    """A finished store of seven sequences in blocks of three."""
    return making.write(tmp_path / "SP1.zarr")
