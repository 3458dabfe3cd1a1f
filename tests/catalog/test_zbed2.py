"""The card of ZBED2."""

from cislens.catalog import zbed2


def test_file_is_one_of_a_fixed_version():
    (file,) = zbed2.card().files
    assert file.name == "ZBED2_400_h3k27ac.h5"
    assert "/46deba90fe3377b179bef765901337aad956b4ce/" in file.url
    assert file.size
