"""The page of a dataset."""

import re

import pytest

from cislens.report import dataset_page


def test_page_escapes_and_loads_nothing(counted, tmp_path):
    found = counted(["<task>"], name="a <b>")
    text = dataset_page.render(found, tmp_path / "d.html").read_text()
    assert "&lt;task&gt;" in text
    assert "<h1>a &lt;b&gt;</h1>" in text
    assert "<task>" not in text
    assert "://" not in re.sub(r'xmlns="[^"]*"', "", text)
    assert "<li>Beware.</li>" in text


def test_labels_are_drawn_apart_where_there_are_both(counted):
    found = counted()
    assert "By label" not in dataset_page.html(found)
    found["gc"]["counts"]["train"]["with"][3] = 1
    assert "By label" in dataset_page.html(found)


def test_likeness_is_a_column_where_it_was_looked_for(counted):
    assert "much like" not in dataset_page.html(counted())
    similar = {"test": {"sequences": 7, "examples": []}}
    assert '<td class="num">7</td>' in dataset_page.html(counted(similar=similar))


def test_sequences_by_number_of_labels(counted):
    assert "Positive labels of a sequence" not in dataset_page.html(counted())
    text = dataset_page.html(counted(["a", "b"]))
    rows = re.findall(r'<tr><th scope="row">(more than 20|\d+)</th><td class="num">(\d+)<', text)
    assert rows[0] == ("0", "1")
    assert rows[-1] == ("more than 20", "2")


def test_measurements_are_drawn_by_split(counted):
    values = {
        "t": {"low": 1.0, "high": 1.0, "log": False, "counts": {"train": [5, 0], "test": [0, 0]}}
    }
    text = dataset_page.html(counted(target_kind="continuous", values=values, labels={}))
    assert text.count('class="histogram"') == 2
    assert "0.000 to 1.000" in text


@pytest.mark.parametrize("alphabet", ["DNA", "RNA"])
def test_unit_follows_the_alphabet(counted, alphabet):
    text = dataset_page.html(counted(alphabet=alphabet))
    assert ("of 20 nt" in text) == (alphabet == "RNA")
    assert ("either strand" in text) == (alphabet == "DNA")


def profile(task="t"):
    sizes = {"peaks": 7, "background": 3}
    return {
        "positions": 4, "strands": 2, "jitter": 1, "control": "none", "bar": 2,
        "windows": {"train": sizes, "validation": sizes, "test": sizes},
        "mean": {task: [[1.0, 3.0], [2.0, 0.0]]},
    }  # fmt: skip


def test_profiles_have_their_own_section(counted):
    assert 'id="profiles"' not in dataset_page.html(counted())
    values = {"t": {"low": 0.0, "high": 2.0, "log": True, "counts": {"peaks": [1, 2]}}}
    found = counted(target_kind="profile", values=values, profile=profile(), labels={})
    text = dataset_page.html(found)
    assert 'id="profiles"' in text
    assert "position from the middle of the window, bp" in text
    assert text.count('class="histogram"') == 3
