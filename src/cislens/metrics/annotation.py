"""How importance falls on annotated sites: motifs, footprints, peaks and their summits.

Tracks are absolute importances of the observed bases and sites are masks, both (examples, length).
`cislens.metrics.localisation` scores signed maps against planted motifs.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float64, Shaped

from cislens.errors import UserError
from cislens.metrics import _one_task

Tracks = Shaped[np.ndarray, "_ _"]
Sites = Bool[np.ndarray, "_ _"]
Scores = Float64[np.ndarray, " _"]


def share_in_sites(tracks: Tracks, sites: Sites) -> Scores:
    """Measure how much of the importance stands in sites.

    Parameters
    ----------
    tracks
        Importance of each position.
    sites
        True at annotated positions.

    Returns
    -------
    Scores
        One an example, beside which the share of annotated positions is chance; NaN for a track of
        zeros and where there is no site.

    Raises
    ------
    UserError
        If shapes differ or a track holds negative or infinite values.
    """
    values = _checked(tracks, sites)
    whole = values.sum(axis=1)
    shares: Scores = np.divide(
        np.where(sites, values, 0).sum(axis=1),
        whole,
        out=np.full(len(values), np.nan),
        where=(whole > 0) & sites.any(axis=1),
    )
    return shares


def base_aupr(tracks: Tracks, sites: Sites) -> Scores:
    """Rank the positions of each example, and measure the area under its precision-recall curve.

    Parameters
    ----------
    tracks
        Importance of each position.
    sites
        True at annotated positions.

    Returns
    -------
    Scores
        Average precision of each example, beside which the share of annotated positions is chance;
        NaN where no position, or every one, is annotated.

    Raises
    ------
    UserError
        If shapes differ or a track holds negative or infinite values.
    """
    values = _checked(tracks, sites)
    return np.array(
        [
            _one_task.average_precision(track, mask.astype(np.float64))
            for track, mask in zip(values, sites, strict=True)
        ],
        dtype=np.float64,
    )


def pooled_aupr(tracks: Tracks, sites: Sites, *, by_share: bool = True) -> float:
    """Rank the positions of all examples together.

    Parameters
    ----------
    tracks
        Importance of each position.
    sites
        True at annotated positions.
    by_share
        Whether each track is first divided by its sum. As published it is not, and the examples of
        large gradients fill the top of the ranking.

    Returns
    -------
    float
        Average precision; NaN where no position, or every one, is annotated.

    Raises
    ------
    UserError
        If shapes differ or a track holds negative or infinite values.

    References
    ----------
    Tseng et al. 2020 (NeurIPS), who join the points by straight lines.
    """
    values = _pooled(_checked(tracks, sites), by_share=by_share)
    return _one_task.average_precision(values.ravel(), sites.ravel().astype(np.float64))


def enrichment(
    tracks: Tracks, sites: Sites, *, top: Sequence[int], by_share: bool = True
) -> Scores:
    """Count annotated positions among the most important ones, against what is expected.

    Parameters
    ----------
    tracks
        Importance of each position.
    sites
        True at annotated positions.
    top
        How many of the most important positions of all examples to look at.
    by_share
        Whether each track is first divided by its sum.

    Returns
    -------
    Scores
        For each number of `top`, annotated positions over those expected of a random ranking; NaN
        where no position is annotated.

    Raises
    ------
    UserError
        If a number is not between 1 and that of all positions, shapes differ, or a track holds
        negative or infinite values.
    """
    values = _pooled(_checked(tracks, sites), by_share=by_share).ravel()
    if not all(1 <= count <= values.size for count in top):
        raise UserError(f"top={list(top)}: wants numbers from 1 to {values.size}")
    found = sites.ravel()[np.argsort(-values, kind="stable")].cumsum()
    expected = sites.mean() * np.asarray(top, dtype=np.float64)
    hits = found[np.asarray(top) - 1].astype(np.float64)
    ratios: Scores = np.divide(hits, expected, out=np.full(len(top), np.nan), where=expected > 0)
    return ratios


def summit_correlation(tracks: Tracks, summits: Sequence[Sequence[int]]) -> Scores:
    """Correlate importance with the distance to the nearest summit.

    Parameters
    ----------
    tracks
        Importance of each position.
    summits
        Positions of the summits of each example, 0-based.

    Returns
    -------
    Scores
        Spearman's coefficient of each example, the more negative the closer importance stands to
        summits; NaN where there is no summit or no variance.

    Raises
    ------
    UserError
        If there is not one list of summits an example.

    References
    ----------
    Tseng et al. 2020 (NeurIPS).
    """
    if len(summits) != len(tracks):
        raise UserError(f"summits of {len(summits)} examples and {len(tracks)} tracks; one each")
    places = np.arange(tracks.shape[1])
    scores = np.full(len(tracks), np.nan)
    for row, nearby in enumerate(summits):
        if len(nearby):
            distance = np.abs(places[:, None] - np.asarray(nearby)[None]).min(axis=1)
            scores[row] = _one_task.correlation(
                _one_task.ranks(tracks[row]), _one_task.ranks(distance)
            )
    return scores


def precision_of_calls(
    importance: Shaped[np.ndarray, " _"], overlaps: Bool[np.ndarray, " _"]
) -> Scores:
    """Measure how many of the most important motif calls overlap a site.

    Parameters
    ----------
    importance
        Importance of each call.
    overlaps
        Whether it overlaps a site.

    Returns
    -------
    Scores
        For each number of calls, from the most important one on, the share that overlaps; calls of
        one importance share the precision after the last of them.

    Raises
    ------
    UserError
        If there is not one of both for each call.
    """
    if importance.shape != overlaps.shape:
        raise UserError(f"{len(importance)} importances and {len(overlaps)} overlaps; one each")
    order = np.argsort(-importance, kind="stable")
    shares = overlaps[order].cumsum() / np.arange(1, len(order) + 1)
    ordered = -importance[order]
    return np.asarray(shares[np.searchsorted(ordered, ordered, "right") - 1], dtype=np.float64)


def gc_reliance(maps: Shaped[np.ndarray, "_ 4 _"], sites: Sites) -> Scores:
    """Measure how far a network reads base composition outside the sites.

    Parameters
    ----------
    maps
        Hypothetical importances, signed, rows A C G T.
    sites
        True at annotated positions, which are left out.

    Returns
    -------
    Scores
        Mean of (C + G) (A + T) over the squared largest value of the example; below 0 where G and C
        count against A and T. NaN where every position is annotated or the map is 0.

    Raises
    ------
    UserError
        If the maps are not those of the sites.

    References
    ----------
    Tseng et al. 2020 (NeurIPS).
    """
    if (len(maps), maps.shape[2]) != sites.shape:
        raise UserError(f"maps {maps.shape} and sites {sites.shape}: wants the same examples")
    largest = np.abs(maps).max(axis=(1, 2)).astype(np.float64)
    products = (maps[:, 1] + maps[:, 2]) * (maps[:, 0] + maps[:, 3])
    outside = (~sites).sum(axis=1)
    scores: Scores = np.divide(
        np.where(sites, 0, products).sum(axis=1, dtype=np.float64),
        outside * largest**2,
        out=np.full(len(maps), np.nan),
        where=(outside > 0) & (largest > 0),
    )
    return scores


def _pooled(values: np.ndarray, *, by_share: bool) -> np.ndarray:
    if not by_share:
        return values
    whole = values.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(values, whole, out=np.zeros_like(values), where=whole > 0))


def _checked(tracks: Tracks, sites: Sites) -> np.ndarray:
    if tracks.shape != sites.shape:
        raise UserError(f"tracks {tracks.shape} and sites {sites.shape}: wants the same examples")
    values = tracks.astype(np.float64)
    if not (np.isfinite(values) & (values >= 0)).all():
        raise UserError(
            "tracks: hold negative or infinite values; wants absolute importances, such as "
            "abs((map * onehot).sum(1))"
        )
    return values
