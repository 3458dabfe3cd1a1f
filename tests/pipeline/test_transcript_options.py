"""The defaults are those of the library."""

from pathlib import Path

from cislens.data.transcript_windows import Cutting
from cislens.pipeline.transcript_options import TranscriptOptions


def test_defaults_are_those_of_the_library():
    options = TranscriptOptions(Path("a.gff3"), Path("t.tsv"), ["x"])
    cutting = Cutting()
    for name in ("anchor", "upstream", "downstream", "spliced"):
        assert getattr(options, name) == getattr(cutting, name)
