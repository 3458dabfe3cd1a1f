"""Stretches of windows put to the means of clusters: where each reads, and on which strand."""

from typing import NamedTuple

import numpy as np
import scipy.cluster.hierarchy
import scipy.spatial.distance

from cislens.motifs import _alike


class Frame(NamedTuple):
    """How stretches lie in their windows, and what is done with them."""

    width: int
    """Width of a stretch, in bp; a window is wider by the shift on either side."""
    shift: int
    """Largest shift, in bp."""
    alike: float
    """Least cosine."""
    both_strands: bool
    """Whether a stretch may read either way."""


class Place(NamedTuple):
    """Where the seqlets of a motif read it."""

    members: np.ndarray
    """Numbers of the seqlets."""
    starts: np.ndarray
    """First column in the window of each, in the direction of the window."""
    flipped: np.ndarray
    """Whether each reads as the reverse complement."""
    cosines: np.ndarray
    """How like the motif each is."""


def stretches(windows: np.ndarray, place: Place, width: int) -> np.ndarray:
    """Take the stretch of each member out of its window, as the motif reads.

    Parameters
    ----------
    windows
        All windows: (window, rows, column), rows A C G T or several sets of these.
    place
        Where the members read.
    width
        Width of the stretches, in bp.

    Returns
    -------
    ndarray
        In the order of the members.
    """
    columns = place.starts[:, None] + np.arange(width)
    taken = np.take_along_axis(windows[place.members], columns[:, None, :], axis=2)
    return np.where(place.flipped[:, None, None], _alike.flip(taken), taken)


def seeds(profiles: np.ndarray, frame: Frame, *, least: int) -> list[np.ndarray]:
    """Join stretches by average linkage.

    Parameters
    ----------
    profiles
        Windows, of which the middle is compared.
    frame
        How.
    least
        Fewest members of a cluster.

    Returns
    -------
    list of ndarray
        Mean of each cluster, the largest first.
    """
    middle = _alike.unit(profiles[:, :, frame.shift : frame.shift + frame.width])
    found = _alike.best(middle, middle, most_shift=frame.shift, both_strands=frame.both_strands)
    labels = linked(found.cosine, frame.alike)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    means = []
    for members in sorted(groups, key=len, reverse=True):
        if len(members) >= least:
            centre = members[found.cosine[np.ix_(members, members)].sum(axis=1).argmax()]
            shift, flipped = found.shift[centre, members], found.flipped[centre, members]
            starts = frame.shift + np.where(flipped, shift, -shift)
            place = Place(members, starts, flipped, found.cosine[centre, members])
            means.append(mean(profiles, place, frame))
    return means


def linked(cosine: np.ndarray, alike: float) -> np.ndarray:
    """Cluster by average linkage.

    Parameters
    ----------
    cosine
        Likeness of each pair.
    alike
        Least mean likeness between two clusters that are joined.

    Returns
    -------
    ndarray
        Number of the cluster of each.
    """
    if len(cosine) == 1:
        return np.zeros(1, np.int64)
    distance = np.maximum(1 - (cosine + cosine.T) / 2, 0)
    np.fill_diagonal(distance, 0)
    condensed = scipy.spatial.distance.squareform(distance, checks=False)
    tree = scipy.cluster.hierarchy.linkage(condensed, method="average")
    labels: np.ndarray = scipy.cluster.hierarchy.fcluster(tree, 1 - alike, criterion="distance")
    return labels


def mean(profiles: np.ndarray, place: Place, frame: Frame) -> np.ndarray:
    """Average the directions of the members, so that strong ones do not outshout the others.

    Parameters
    ----------
    profiles
        All windows.
    place
        Where the members read.
    frame
        How stretches lie in their windows.

    Returns
    -------
    ndarray
        (rows, column), of length 1.
    """
    taken = _alike.unit(stretches(profiles, place, frame.width))
    average: np.ndarray = _alike.unit(taken.mean(axis=0, keepdims=True))[0]
    return average


def distinct(means: list[np.ndarray], frame: Frame, *, same: float) -> list[np.ndarray]:
    """Drop each mean that is like one before it.

    Parameters
    ----------
    means
        Means of clusters, the best first.
    frame
        How stretches are shifted.
    same
        Least cosine of means that are one.

    Returns
    -------
    list of ndarray
        Those that are left, in order.
    """
    kept: list[np.ndarray] = []
    for one in means:
        if not kept or _most_alike(np.stack(kept), one, frame) < same:
            kept.append(one)
    return kept


def _most_alike(others: np.ndarray, one: np.ndarray, frame: Frame) -> float:
    found = _alike.best(others, one[None], most_shift=frame.shift, both_strands=frame.both_strands)
    return float(found.cosine.max())


def placed(
    profiles: np.ndarray, means: list[np.ndarray], frame: Frame, *, least: int
) -> list[Place]:
    """Put every window to the mean it is most like, where it is alike.

    Parameters
    ----------
    profiles
        All windows.
    means
        Means of clusters.
    frame
        How stretches lie in their windows.
    least
        Fewest members of a motif.

    Returns
    -------
    list of Place
        One a motif, the largest first.
    """
    if not means:
        return []
    cosine, start, flipped = _slid(profiles, np.stack(means), frame)
    choice = cosine.argmax(axis=1)
    best = cosine[np.arange(len(profiles)), choice]
    places = []
    for number in range(len(means)):
        mine = np.flatnonzero((choice == number) & (best >= frame.alike))
        if len(mine) >= least:
            places.append(Place(mine, start[mine, number], flipped[mine, number], best[mine]))
    return sorted(places, key=lambda place: -len(place.members))


def _slid(
    profiles: np.ndarray, means: np.ndarray, frame: Frame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slide each mean along each window: cosine, start and strand of the best place."""
    shape = (len(profiles), len(means))
    cosine = np.full(shape, -np.inf, np.float32)
    start, flipped = np.zeros(shape, np.int64), np.zeros(shape, bool)
    for at in range(2 * frame.shift + 1):
        here = _alike.unit(profiles[:, :, at : at + frame.width]).reshape(len(profiles), -1)
        for turned in (False, True) if frame.both_strands else (False,):
            reading = _alike.flip(means) if turned else means
            found = here @ reading.reshape(len(means), -1).T
            better = found > cosine
            cosine[better], start[better], flipped[better] = found[better], at, turned
    return cosine, start, flipped
