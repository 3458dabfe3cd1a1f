"""`cislens predict`."""

import pandas as pd

from cislens.cli import main


def test_one_row_a_sequence(trained, peaks, tmp_path, capsys):
    model = trained / "models" / "exponential" / "model.safetensors"
    out = tmp_path / "new.tsv"
    assert main.main(["predict", str(model), str(peaks), "--out", str(out)]) == 0
    assert "90 sequences" in capsys.readouterr().out
    table = pd.read_csv(out, sep="\t")
    assert list(table.columns) == ["id", "AP1"]
    assert len(table) == 90
