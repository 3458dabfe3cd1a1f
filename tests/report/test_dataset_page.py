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


def test_sequences_by_number_of_labels(counted):
    assert "Positive labels of a sequence" not in dataset_page.html(counted())
    text = dataset_page.html(counted(["a", "b"]))
    rows = re.findall(r'<tr><th scope="row">(more than 20|\d+)</th><td class="num">(\d+)<', text)
    assert rows[0] == ("0", "1")
    assert rows[-1] == ("more than 20", "2")


def test_measurements_are_drawn_by_split(counted):
    values = {"t": {"low": 1.0, "high": 1.0, "counts": {"train": [5, 0], "test": [0, 0]}}}
    text = dataset_page.html(counted(target_kind="continuous", values=values, labels={}))
    assert text.count('class="histogram"') == 2
    assert "0.000 to 1.000" in text


@pytest.mark.parametrize("alphabet", ["DNA", "RNA"])
def test_unit_follows_the_alphabet(counted, alphabet):
    text = dataset_page.html(counted(alphabet=alphabet))
    assert ("of 20 nt" in text) == (alphabet == "RNA")
    assert ("either strand" in text) == (alphabet == "DNA")
