"""The card of IRF1."""

from cislens.catalog import download, irf1


def test_file_is_one_of_a_fixed_version():
    (file,) = irf1.card().files
    assert file.name == "IRF1_400_h3k27ac.h5"
    assert "/46deba90fe3377b179bef765901337aad956b4ce/" in file.url
    assert file.size


def test_checksum_is_that_of_the_file(real_data):
    (file,) = irf1.card().files
    path = real_data / "chip" / file.name
    assert download.sha256(path) == file.sha256
    assert path.stat().st_size == file.size
