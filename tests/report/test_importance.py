"""Importance of filters on the page."""

import json

import pytest

from cislens.errors import UserError
from cislens.report import filter_table, folder, importance, page

TASKS = ["SP1", "MAX"]


def write(run, values):
    place = run / "models" / "exponential"
    lines = ["filter,name,task,absolute,fall,absolute_scaled,auroc_drop"]
    for number, row in enumerate(values):
        for task, (absolute, fall) in zip(TASKS, row, strict=True):
            lines.append(f"{number},filter_{number},{task},{absolute},{fall},{absolute},")
    (place / "importance.csv").write_text("\n".join(lines) + "\n")
    (place / "importance.json").write_text(
        json.dumps({"replacement": "mean", "on": "all", "sequences": 400})
    )
    return next(m for m in folder.read(run).models if m.name == "exponential")


VALUES = [[(0.1, 0.1), (0.0, 0.0)], [(0.4, -0.4), (0.05, 0.01)], [(0.2, 0.2), ("", "")]]


def test_each_filter_is_held_against_the_most_needed_one_of_a_task(run_folder):
    found = importance.needed(write(run_folder, VALUES))
    assert found == {
        "filter_0": ("SP1", pytest.approx(0.25)),
        "filter_1": ("SP1", 1.0),
        "filter_2": ("SP1", 0.5),
    }


def test_page_shows_the_map_and_the_column(run_folder):
    model = write(run_folder, VALUES)
    section = importance.section(model, likely_e=filter_table.LIKELY_E)
    assert (section.filters, section.tasks, section.sequences) == (3, 2, 400)
    assert section.drawing.count('class="raises"') == 3
    assert section.drawing.count('class="lowers"') == 1
    assert "· filter_0" in section.drawing
    text = page.render(run_folder).read_text()
    assert text.count("Which task needs which filter") == 1
    assert "SP1 <small>25%</small>" in text
    assert "replaced by its mean, over 400 sequences" in " ".join(text.split()).replace(" ,", ",")


def test_agreement_with_names_is_said(run_folder):
    write(run_folder, VALUES)
    place = run_folder / "models" / "exponential"
    lines = ["task,filter,target,e,rank,filters,top", "SP1,filter_0,SP1,1e-5,2,3,True"]
    lines += ["SP1,filter_1,SP1,1e-5,3,3,False", "MAX,filter_1,MAX,1e-4,3,3,False"]
    (place / "agreement.csv").write_text("\n".join(lines) + "\n")
    text = " ".join(page.render(run_folder).read_text().split())
    assert "2 tasks have a filter that looks like their own factor; in 1 of 2 such" in text


def test_the_most_needed_of_many_are_drawn(run_folder, monkeypatch):
    monkeypatch.setattr(importance, "FILTERS", 1)
    monkeypatch.setattr(importance, "TASKS", 1)
    section = importance.section(write(run_folder, VALUES), likely_e=0.1)
    assert (section.filters, section.of_filters, section.tasks, section.of_tasks) == (1, 3, 1, 2)
    assert "filter_1" in section.drawing


def test_a_run_without_it_has_none(run_folder):
    model = folder.read(run_folder).models[0]
    assert importance.section(model, likely_e=0.1) is None
    assert importance.needed(model) == {}


def test_a_task_that_nothing_changes_needs_nothing(run_folder):
    found = importance.needed(write(run_folder, [[(0.1, 0.1), (0, 0)], [(0, 0), (0, 0)]]))
    assert found == {"filter_0": ("SP1", 1.0), "filter_1": ("SP1", 0.0)}
    assert importance.needed(write(run_folder, [[(0, 0), (0, 0)]])) == {}


def test_filters_unknown_to_the_run_are_refused(run_folder):
    with pytest.raises(UserError, match=r"importance.csv, line 66: 'filter_32'"):
        write(run_folder, [[(0.1, 0.1), (0, 0)]] * 33)
