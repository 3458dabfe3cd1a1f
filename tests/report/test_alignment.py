import re

import numpy as np
import pytest

from cislens.errors import UserError
from cislens.report import alignment
from cislens.sequence import pwm as pwms
from cislens.sequence.pwm import Pwm


def spelled(text, name="m"):
    columns = np.zeros((4, len(text)))
    columns[["ACGT".index(letter) for letter in text], range(len(text))] = 1
    return Pwm(name, columns)


def read_back(svg):
    """Each logo as text, one letter a column, '-' where it has none."""
    for one in re.findall(r"<svg.*?</svg>", svg):
        columns = round((float(re.search(r'width="([\d.]+)"', one)[1]) - 2) / 9)
        row = ["-"] * columns
        for letter, column in re.findall(r'#base-(\w)" transform="matrix\(1 0 0 2 (\d+) 0\)', one):
            row[int(column)] = letter
        yield "".join(row)


@pytest.mark.parametrize(
    ("query", "target", "offset", "strand", "rows"),
    [
        ("TGACTCA", "GACT", 1, "+", ["TGACTCA", "-GACT--"]),
        ("TGACTCA", "AGTC", 1, "-", ["TGACTCA", "-GACT--"]),
        ("GACT", "TTGACTC", -2, "+", ["--GACT-", "TTGACTC"]),
        ("GACT", "GAGTCAA", -2, "-", ["--GACT-", "TTGACTC"]),
        ("GACT", "CTAA", 2, "+", ["GACT--", "--CTAA"]),
        ("AC", "GT", 3, "+", ["AC---", "---GT"]),
        ("AC", "GT", -4, "+", ["----AC", "GT----"]),
    ],
)
def test_match_stands_under_its_filter(query, target, offset, strand, rows):
    svg = alignment.svg(spelled(query), spelled(target), offset=offset, strand=strand, height=30)
    assert list(read_back(svg)) == rows


@pytest.mark.parametrize("offset", range(-6, 7))
@pytest.mark.parametrize("strand", "+-")
def test_columns_cover_both_motifs_and_no_more(offset, strand):
    query, target = spelled("GACTA"), spelled("CCA")
    where = alignment.place(query, target, offset=offset, strand=strand)
    assert where.target_start - where.query_start == offset
    assert min(where.query_start, where.target_start) == 0
    assert where.columns == max(where.query_start + 5, where.target_start + 3)


def test_turning_twice_gives_the_target_back():
    target = spelled("GATTC")
    turned = alignment.place(target, target, offset=0, strand="-").target
    np.testing.assert_array_equal(
        turned.probabilities, pwms.reverse_complement(target).probabilities
    )
    assert alignment.place(target, target, offset=0, strand="+").target is target


def test_unknown_strand_is_refused():
    with pytest.raises(UserError, match=r"strand='\.'"):
        alignment.place(spelled("A"), spelled("A"), offset=0, strand=".")
