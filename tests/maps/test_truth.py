"""Planted information beside maps."""

from cislens.maps import store, truth


def test_sites_of_the_target_alone_count(making, stored):
    maps = store.open(stored)
    assert truth.concerned(maps) == "SP1"
    assert truth.information(maps, range(1, 3)).tolist() == [
        [0.5, 1.5, 2.0, 1.5, 0.5, 0.0],
        [0.0] * 6,
    ]
    assert [site.start for site in truth.sites(maps, 1)] == [0, 2]


def test_all_sites_count_where_no_motif_is_the_targets(making, tmp_path):
    maps = store.open(making.write(tmp_path / "MAX.zarr", target="MAX"))
    assert truth.concerned(maps) is None
    assert len(truth.sites(maps, 1)) == 2


def test_motifs_of_other_targets_do_not_count(making, tmp_path):
    known = making.header()
    motifs = ({**known.motifs[0], "label": "MAX"}, {**known.motifs[0], "label": "SP1"})
    header = making.dataclasses.replace(known, motifs=motifs)
    maps = making.write_all(tmp_path / "SP1.zarr", header)
    assert truth.sites(maps, 1) == []
    assert len(maps.sites(1)) == 2
