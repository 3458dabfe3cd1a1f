"""What the pages under docs promise."""

import re
from pathlib import Path

import numpy as np
import pytest

from cislens import catalog
from cislens.cli import main, yaml_keys
from cislens.data import export, track_writing
from cislens.pipeline import exporting, verbs

DOCS = Path(__file__).parents[1] / "docs"
DATA = (DOCS / "data.md").read_text()
READERS = re.search(r"## Readers in Python.*?```python\n(.*?)```", DATA, flags=re.DOTALL)[1]
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


def test_readers_do_as_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("genome.fa").write_text(f">chr1\n{'ACGTT' * 80}\n")
    Path("genes.gtf").write_text(
        "".join(
            f'1\ts\texon\t{start}\t{end}\t.\t-\t.\tgene_id "g"; transcript_id "t";\n'
            for start, end in ((1, 4), (11, 13))
        )
    )
    Path("calls.vcf").write_text("##fileformat=VCFv4.2\n1\t101\t.\tA\tGG\t.\t.\t.\n")
    values = np.arange(50, dtype=np.float32) + 1
    stretch = track_writing.Stretch("chr1", 100, values)
    track_writing.bigwig(Path("plus.bw"), {"chr1": 400}, [stretch])
    names = {}
    exec(READERS, names)
    assert names["codes"].tolist() == [[0, 0, 1, 2, 3] * 10]
    assert names["values"].tolist() == [values[::-1].tolist()]
    assert names["spliced"].tolist() == [1, 2, 3, 0, 1, 2, 3]
    assert names["left_out"] == []
    assert names["before"][0, 24:28].tolist() == [3, 0, 1, 2]
    assert names["after"][0, 24:28].tolist() == [3, 2, 2, 1]
