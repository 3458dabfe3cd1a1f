"""`cislens evaluate`."""

import pandas as pd

from cislens.cli import main


def test_scores_are_printed_and_written(trained, capsys):
    assert main.main(["evaluate", str(trained)]) == 0
    assert "exponential: auroc" in capsys.readouterr().out
    table = pd.read_csv(trained / "models" / "exponential" / "metrics.csv")
    assert list(table["task"]) == ["AP1"]
    assert table["n"].item() == 60
    assert (trained / "evaluate.yaml").exists()
