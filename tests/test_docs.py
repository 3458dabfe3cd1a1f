"""What the pages under docs promise."""

import re
from pathlib import Path

import pytest

from cislens import catalog
from cislens.cli import main, yaml_keys
from cislens.data import export
from cislens.pipeline import exporting, verbs

DOCS = Path(__file__).parents[1] / "docs"
DATA = (DOCS / "data.md").read_text()
BUILDS = re.findall(r"```yaml\n(.*?)```", DATA, flags=re.DOTALL)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_every_verb_shown_exists(page):
    text = page.read_text()
    shown = set(re.findall(r"(?:^|`)cislens (data \w+|benchmark \w+|[a-z]+)\b", text, flags=re.M))
    assert shown <= {*main.VERBS, "data", "benchmark"}


@pytest.mark.parametrize("number", range(len(BUILDS)))
def test_every_yaml_has_known_keys_only(number, tmp_path):
    path = tmp_path / "build.yaml"
    path.write_text(BUILDS[number])
    yaml_keys.check(path, verbs.Build)


def test_every_published_dataset_is_listed():
    listed = set(re.findall(r"`([a-z0-9]+)`", DATA[DATA.index("## Published") :]))
    assert set(catalog.DATASETS) <= listed


def test_every_format_of_export_is_named():
    assert set(exporting.ENDINGS.values()) == set(export.FORMATS)
    said = DATA[DATA.index("## Out again") :]
    assert all(name in said for name in ("HDF5", "NPZ", "FASTA", "TSV", "CSV", "BED"))
