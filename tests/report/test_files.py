import math

import pytest

from cislens.errors import UserError
from cislens.report import files


def test_csv_gives_texts_and_numbers(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('task,n,auroc\n"a, ""b""",12,\nc,3,0.5\n')
    rows = files.csv_rows(path, texts=("task",), numbers=("n",), more_numbers=True)
    assert rows[0]["task"] == 'a, "b"'
    assert rows[0]["n"] == 12
    assert math.isnan(rows[0]["auroc"])
    assert rows[1] == {"task": "c", "n": 3.0, "auroc": 0.5}


def test_text_that_looks_like_a_number_stays_text(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("task,n\n12,1\n")
    assert files.csv_rows(path, texts=("task",), numbers=("n",)) == [{"task": "12", "n": 1.0}]


def test_further_columns_are_left_out_unless_they_are_numbers(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("task,remark,n\na,good,1\n")
    assert files.csv_rows(path, texts=("task",), numbers=("n",)) == [{"task": "a", "n": 1.0}]
    with pytest.raises(UserError, match="line 2: remark='good'; a number is wanted"):
        files.csv_rows(path, texts=("task",), numbers=("n",), more_numbers=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"t\.csv, line 1: column 'task' is missing"),
        ("task\na\n", r"t\.csv, line 1: column 'n' is missing"),
        ("task,n\na,1\nb\n", r"t\.csv, line 3: 1 cells; the header has 2"),
        ("task,n\na,1\n\nb,x\n", r"t\.csv, line 4: n='x'"),
        ('task,n\n"a\nb",1\nc,?\n', r"t\.csv, line 4: n='\?'"),
        ('task,n\na,1\n"b,2\n', r"t\.csv, line 3: unexpected end of data"),
    ],
)
def test_broken_csv_names_the_line(text, message, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        files.csv_rows(path, texts=("task",), numbers=("n",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1,\n "b": }', r"t\.json, line 2: "),
        ("[1]", r"t\.json, line 1: got a list"),
        ('{"a": 1}', r"t\.json: key 'b' is missing; wanted are a, b"),
        ('{"a": 1, "b": {}}', r"t\.json: b is \{\}; list is wanted"),
        ('{"a": "1", "b": []}', r"t\.json: a is '1'; int or float or null is wanted"),
    ],
)
def test_broken_json_names_line_or_key(text, message, tmp_path):
    path = tmp_path / "t.json"
    path.write_text(text)
    with pytest.raises(UserError, match=message):
        files.json_object(path, wanted={"a": files.NUMBER, "b": files.LIST})


def test_bytes_that_are_no_text_name_the_line(tmp_path):
    path = tmp_path / "t.yaml"
    path.write_bytes(b"a: 1\nb: \xff\n")
    with pytest.raises(UserError, match=r"t\.yaml, line 2: no UTF-8"):
        files.text(path)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"t\.yaml: not found"):
        files.text(tmp_path / "t.yaml")
