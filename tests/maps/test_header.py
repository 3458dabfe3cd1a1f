"""Headers survive the way to JSON and back."""

import json

from cislens.maps import header as headers


def test_a_header_reads_back_as_it_was(making, stored):
    _, header = headers.read(stored)
    assert header.provenance == making.header().provenance
    assert (header.length, header.block, header.chromosomes) == (6, 3, ("chr2", "chr10"))
    assert json.loads(json.dumps(headers.to_attributes(header)))["channels"] == list("ACGT")


def test_equal_work_has_no_difference(making):
    assert headers.difference(making.provenance(), making.provenance(settings={"x": 1})) == ""
    assert "shuffles was 3 and is now None" in headers.difference(
        making.provenance(), making.provenance(options={"references": "dinucleotide"})
    )
