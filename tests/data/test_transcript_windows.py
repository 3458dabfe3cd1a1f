"""Windows of transcripts, against walking base by base in the direction of transcription."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cislens.data import genome, transcript_windows
from cislens.data.annotation import Transcript
from cislens.data.transcript_windows import Cutting
from cislens.errors import UserError

COMPLEMENT = dict(zip("ACGTN", "TGCAN", strict=True))


def transcript(exons, strand="+", name="t"):
    return Transcript(name, name, "g", "G", "mRNA", "a", strand, tuple(exons), (), 1)


EDGES = st.sets(st.integers(60, 240), min_size=2, max_size=8).map(sorted)
"""Up to four exons within bases 60 to 240 of a chromosome of 300."""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    text = "".join(np.random.default_rng(2).choice(list("ACGT"), 300))
    path = tmp_path_factory.mktemp("genome") / "g.fa"
    path.write_text(f">a\n{text}\n")
    return genome.open(path), text


def walked(text, one, cutting):
    """Letters from the first base upstream on, told one by one."""
    step = -1 if one.strand == "-" else 1
    line = list(range(300))[::step]
    exonic = {base for start, end in one.exons for base in range(start, end)}
    body = [base for base in line if base in exonic]
    first, last = line.index(body[0]), line.index(body[-1])
    if cutting.anchor == "start":
        before = line[first - cutting.upstream : first]
        after = body if cutting.spliced else line[first:]
        after = after[: cutting.downstream]
        after += [None] * (cutting.downstream - len(after))
    else:
        inside = body if cutting.spliced else line[: last + 1]
        before = inside[len(inside) - min(len(inside), cutting.upstream) :]
        before = [None] * (cutting.upstream - len(before)) + before
        after = line[last + 1 : last + 1 + cutting.downstream]
    letters = ["N" if base is None else text[base] for base in [*before, *after]]
    return "".join(COMPLEMENT[x] if one.strand == "-" else x for x in letters)


@settings(max_examples=300, deadline=None)
@given(
    EDGES,
    st.sampled_from("+-."),
    st.sampled_from(["start", "end"]),
    st.integers(0, 59),
    st.integers(1, 59),
    st.booleans(),
)
def test_equals_a_walk_along_the_transcript(
    reference, edges, strand, anchor, upstream, downstream, spliced
):
    opened, text = reference
    one = transcript(list(zip(edges[::2], edges[1::2], strict=False)), strand)
    cutting = Cutting(anchor, upstream, downstream, spliced)
    window = transcript_windows.place(one, cutting)
    found = transcript_windows.read(opened, one, window)
    assert "".join("ACGTN"[code] for code in found) == walked(text, one, cutting)
    assert sum(end - start for start, end in window.pieces) + window.missing == cutting.length
    assert list(window.pieces) == sorted(window.pieces)


def test_the_first_base_of_the_transcript_is_the_first_downstream():
    cutting = Cutting("start", 10, 5)
    assert transcript_windows.place(transcript([(100, 200)]), cutting).pieces == ((90, 105),)
    assert transcript_windows.place(transcript([(100, 200)], "-"), cutting).pieces == ((195, 210),)
    cutting = Cutting("end", 10, 5)
    assert transcript_windows.place(transcript([(100, 200)]), cutting).pieces == ((190, 205),)
    assert transcript_windows.place(transcript([(100, 200)], "-"), cutting).pieces == ((95, 110),)


def test_introns_part_a_window_only_where_it_reaches_them():
    one = transcript([(100, 120), (150, 200)])
    near = transcript_windows.place(one, Cutting("start", 5, 20, spliced=True))
    assert near.pieces == ((95, 120),)
    far = transcript_windows.place(one, Cutting("start", 5, 21, spliced=True))
    assert far.pieces == ((95, 120), (150, 151))
    assert transcript_windows.place(one, Cutting("start", 0, 80, spliced=True)).missing == 10


@pytest.mark.parametrize("pair", [(-1, 5), (0, 0)])
def test_wrong_lengths_are_told(pair):
    with pytest.raises(UserError, match=f"upstream={pair[0]}, downstream={pair[1]}"):
        Cutting("start", *pair)
