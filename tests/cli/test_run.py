"""`cislens run`."""

from cislens.cli import main

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
