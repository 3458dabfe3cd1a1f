"""Records come back from their file as they went in."""

import math

import pytest

from cislens.errors import UserError
from cislens.metrics import record
from cislens.metrics.record import Record

ROWS = [
    Record("demo", "exponential, wide", 3, "auroc", 0.1 + 0.2, ""),
    Record("demo", 'say "relu"', 0, "seconds", 1e-300, "s"),
    Record("demo", "relu", 1, "match_fraction", -math.inf, "fraction"),
]


def test_read_gives_back_what_was_written(tmp_path):
    record.write(tmp_path / "records.csv", ROWS)
    assert record.read(tmp_path / "records.csv") == ROWS
    assert [path.name for path in tmp_path.iterdir()] == ["records.csv"]


def test_undefined_value_stays_undefined(tmp_path):
    record.write(tmp_path / "r.csv", [Record("a", "b", 0, "auroc", math.nan, "")])
    assert math.isnan(record.read(tmp_path / "r.csv")[0].value)


def test_failed_write_leaves_the_old_file(tmp_path):
    record.write(tmp_path / "r.csv", ROWS)

    def broken():
        yield ROWS[0]
        raise RuntimeError("disk on fire")

    with pytest.raises(RuntimeError, match="disk on fire"):
        record.write(tmp_path / "r.csv", broken())
    assert record.read(tmp_path / "r.csv") == ROWS
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the columns are missing"),
        ("suite,model\n", "line 1: the columns are suite,model"),
        ("suite,model,seed,metric,value,unit\na,b,0,auroc,0.5\n", "line 2: 5 fields"),
        ("suite,model,seed,metric,value,unit\na,b,0,auroc,high,\n", "line 2: .*value='high'"),
    ],
)
def test_other_files_are_refused_with_their_line(tmp_path, text, message):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(UserError, match=message):
        record.read(tmp_path / "r.csv")
