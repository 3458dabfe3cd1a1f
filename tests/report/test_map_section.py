"""The section of maps on the page."""

import re

import pytest

from cislens.report import map_section, page


def test_each_map_is_a_row_with_its_numbers(run_with_maps):
    text = page.render(run_with_maps).read_text()
    section = text[text.index('<section id="maps">') :]
    assert section.count('<details class="sequence"') == 6
    assert section.count('<details class="sequence" open>') == map_section.OPEN
    assert section.count('class="track"') == 24
    assert section.count('class="truth"') == 6
    assert "2.0e-06" in section or "2e-06" in section
    assert "the 3 of 9 test sequences with the highest prediction of SP1" in section
    assert '<a href="#maps">Maps</a>' in text
    assert re.search(r"<td>ism</td><td>relu</td><td class=\"num\">0.875</td>", section)


def test_named_sequences_are_the_only_ones(run_with_maps):
    text = page.render(run_with_maps, sequences=["s2"]).read_text()
    assert text.count('<details class="sequence"') == 2
    assert "The sequences were named by the user." in text


def test_maps_without_truth_and_sum_rule_have_no_such_columns(run_folder, write_maps_of):
    write_maps_of("relu", "T", deltas=False)
    section = map_section.read(run_folder, letters="ACGT", sequences=[])
    assert not section.held
    assert not section.located
    text = page.render(run_folder).read_text()
    section = text[text.index('<section id="maps">') : text.index('<section id="how">')]
    assert "AUROC" not in section
    assert "sum off by" not in section
    assert ">position<" in section


def test_a_run_without_maps_has_no_section(run_folder):
    assert map_section.read(run_folder, letters="ACGT", sequences=[]) is None
    assert 'id="maps"' not in page.render(run_folder).read_text()


@pytest.mark.parametrize("letters", ["ACGT", "ACGU"])
def test_letters_are_those_of_the_alphabet(run_folder, write_maps_of, letters):
    write_maps_of("relu", "T")
    section = map_section.read(run_folder, letters=letters, sequences=[])
    drawn = set(re.findall(r"#base-(\w)", section.sequences[0].rows[0].drawing))
    assert drawn <= set(letters)
