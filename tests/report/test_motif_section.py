"""The section of discovered motifs."""

import importlib.util
from pathlib import Path

import pytest

from cislens.report import folder, motif_section, page

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def making():
    """The functions that write a folder of motifs."""
    spec = importlib.util.spec_from_file_location("made", HERE / "test_motif_folder.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rows_say_what_the_files_say(making, tmp_path):
    making.write(tmp_path)
    making.write_merged(tmp_path)
    section = motif_section.read(tmp_path, letters="ACGT", length=60)
    first, second = section.rows
    assert (first.target, first.model, first.maps, first.name) == ("AP1", "relu", "ism", "pos1")
    assert (first.sign, second.sign) == ("for", "against")
    assert first.logo.count("<svg") == 2
    assert second.logo.count("<svg") == 1
    assert first.label == "NFE2"
    assert second.known == ""
    assert first.hits["acting"] == 0.8
    assert "1" in first.positions
    assert section.called
    assert section.merged[0].row["label"] == "NFE2"
    assert section.of_merged == 1


def test_maps_without_a_motif_are_named(making, tmp_path):
    place = making.write(tmp_path)
    header = (place / "motifs.csv").read_text().splitlines()[0]
    (place / "motifs.csv").write_text(header + "\n")
    section = motif_section.read(tmp_path, letters="ACGT", length=None)
    assert section.rows == []
    assert section.empty == ["AP1 (ism of relu)"]


def test_maps_that_were_not_searched_are_named_apart(making, tmp_path):
    making.write(tmp_path)
    for place in ("relu/ism/AP1", "relu/ism/SRF", "exponential/ism/AP1", "relu/saliency/AP1"):
        (tmp_path / "attributions" / f"{place}.zarr").mkdir(parents=True)
    section = motif_section.read(tmp_path, letters="ACGT", length=60)
    assert section.undone == ["AP1 (ism of exponential)", "SRF (ism of relu)"]
    assert section.empty == []


def test_no_motifs_no_section(tmp_path):
    assert motif_section.read(tmp_path, letters="ACGT", length=60) is None


def test_rna_is_drawn_with_u(making, tmp_path):
    making.write(tmp_path)
    section = motif_section.read(tmp_path, letters="ACGU", length=60)
    assert "#base-U" in section.rows[0].logo
    assert "#base-T" not in section.rows[0].logo


def test_the_page_has_the_section(making, run_folder):
    assert 'id="motifs"' not in page.html(folder.read(run_folder))
    making.write(run_folder)
    making.write_merged(run_folder)
    text = page.html(folder.read(run_folder))
    assert 'id="motifs"' in text
    assert "2 of 3" in text
    assert "relu/filters: filter_3" in text
    assert "motifs/relu/ism/AP1/motifs.meme" in text
