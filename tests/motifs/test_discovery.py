"""Options of motif discovery: what is refused, and with which words."""

import pytest

from cislens.errors import UserError
from cislens.motifs.discovery import ClusterOptions, HitOptions, SeqletOptions

BAD = [
    (SeqletOptions, {"cut": -1.0}),
    (SeqletOptions, {"cut": float("nan")}),
    (SeqletOptions, {"gap": -1}),
    (SeqletOptions, {"least": 0}),
    (SeqletOptions, {"fdr": 0.0}),
    (SeqletOptions, {"fdr": 1.5}),
    (ClusterOptions, {"width": 3}),
    (ClusterOptions, {"shift": 20}),
    (ClusterOptions, {"alike": 2.0}),
    (ClusterOptions, {"same": -2.0}),
    (ClusterOptions, {"least": 0}),
    (ClusterOptions, {"first": 0}),
    (ClusterOptions, {"most": 0}),
    (ClusterOptions, {"trim": 1.0}),
    (HitOptions, {"cosine": 0.0}),
    (HitOptions, {"overlap": 1.0}),
    (HitOptions, {"fdr": 0.0}),
    (HitOptions, {"fimo_p": 1.0}),
]


@pytest.mark.parametrize(("options", "bad"), BAD)
def test_options_out_of_range(options, bad):
    with pytest.raises(UserError, match=f"^{next(iter(bad))}=.* wants "):
        options(**bad)


def test_a_window_has_room_for_shifts_on_both_sides():
    assert ClusterOptions(width=20, shift=8).cut == 36


@pytest.mark.parametrize(("least", "fewest"), [(1, 1), (2, 2), (10, 2), (40, 10)])
def test_clusters_begin_with_fewer_seqlets_than_a_motif_has(least, fewest):
    assert ClusterOptions(least=least).fewest == fewest
