"""`cislens run`."""

from pathlib import Path

import pytest

from cislens.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"

YAML = """
name: AP1 peaks
out: {out}
data:
  path: {peaks}
  negatives: dinucleotide-shuffle
  tasks: [AP1]
model:
  architecture: cnn-local
fit:
  epochs: 1
motifs:
  database: jaspar2016
attribute:
  methods: [saliency]
  top: 2
"""


def test_one_yaml_makes_the_page(peaks, tmp_path, capsys):
    path, out = tmp_path / "ap1.yaml", tmp_path / "run"
    path.write_text(YAML.format(out=out, peaks=peaks))
    assert main.main(["run", str(path)]) == 0
    last = capsys.readouterr().out.splitlines()
    assert last[-1] == str(out / "report.html")
    assert len(last) == 5
    page = (out / "report.html").read_text()
    assert "AP1 peaks" in page
    assert page.count('class="track"') == 2
    assert main.main(["run", str(path), "--seed", "1"]) == 2
    assert "seed was 0 and is now 1" in capsys.readouterr().err


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_examples_are_read(path, tmp_path, capsys):
    """Each asks for data that is not there, after every key was understood."""
    verb = ["benchmark", "run"] if "\nbenchmark:" in path.read_text() else ["run"]
    assert main.main([*verb, "--config", str(path), "--out", str(tmp_path / "run")]) == 2
    error = capsys.readouterr().err
    assert ": no such file" in error
    assert verb != ["run"] or "in its first lines where from) or name another" in error
    assert not list(tmp_path.iterdir())
