"""The genome of yeast."""

import gzip

from cislens.catalog import saccer3
from cislens.data import genome


def test_genome_is_unpacked_so_that_windows_can_be_read(tmp_path):
    (tmp_path / "sacCer3.fa.gz").write_bytes(gzip.compress(b">chrI\nACGTacgt\nAC\n"))
    saccer3.prepare(tmp_path, None)
    opened = genome.open(tmp_path / "sacCer3.fa")
    assert opened.sizes == {"chrI": 10}
