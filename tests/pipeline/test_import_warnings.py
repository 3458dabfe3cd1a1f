"""What is told of an import that worked."""

import pytest

from cislens.pipeline import import_warnings, importing
from cislens.pipeline.options import DataOptions


def imported(path, **options):
    chosen = DataOptions(path=path, **options)
    importing.write(chosen, path.with_suffix(".zarr"), seed=0)
    return import_warnings.found(path.with_suffix(".zarr"), chosen)


def table(folder, values):
    path = folder / "in.tsv"
    rows = [f"r{i}\tACGTACGT\t{value}\n" for i, value in enumerate(values)]
    path.write_text("name\tsequence\ty\n" + "".join(rows))
    return path


COLUMNS = {"target_columns": ["y"], "id_column": "name"}


def test_a_stray_value_among_classes_is_told(tmp_path):
    (said,) = imported(table(tmp_path, [0, 1] * 20 + [2]), **COLUMNS)
    assert said.startswith("warning: all but 1 of 41 values are 0 or 1, such as 2 for r40 (y), so")
    assert "--target_kind continuous" in said


@pytest.mark.parametrize(
    ("values", "options"),
    [
        ([0, 1] * 20, {}),
        ([0, 1] * 20 + [2], {"target_kind": "continuous"}),
        ([0, 1] * 20 + [2, 3, 4], {}),
        ([0] * 40 + [2], {}),
        ([0.5, 1.5] * 20, {}),
    ],
)
def test_classes_and_measurements_are_not(tmp_path, values, options):
    assert imported(table(tmp_path, values), **COLUMNS, **options) == []


@pytest.mark.parametrize("shuffled", [True, False])
def test_shared_names_are_counted(tmp_path, shuffled):
    path = tmp_path / "in.fa"
    names = ["a", "b", "a", "c", "b", "a", *"defghijkl"]
    path.write_text("".join(f">{name} class:{i % 2}\nACGTTGCA\n" for i, name in enumerate(names)))
    options = {"negatives": "dinucleotide-shuffle"} if shuffled else {}
    (said,) = imported(path, **options)
    assert said.startswith("warning: 2 names of more than one record, such as a (3 times);")
