"""Uniform random Eulerian paths through the k-mers of a sequence, compiled.

The (k-1)-mers of a sequence are vertices and its k-mers are edges, so that each Eulerian path
spells a sequence of the same k-mers. A uniform one is drawn in three steps: a uniform random
spanning tree towards the last vertex, a random order of the exits of each vertex with the tree's
exit last, and the walk that takes them in this order (Kandel et al. 1996).
"""

from typing import no_type_check

import numba
import numpy as np

from cislens.sequence.alphabet import N_CODE

_LETTERS = N_CODE + 1
_STEP = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)
_NONE = -1


@numba.njit(nogil=True, cache=True)
@no_type_check
def shuffle_rows(codes: np.ndarray, k: int, seeds: np.ndarray, out: np.ndarray) -> None:
    """Shuffle each row into ``out`` with a random stream of its own.

    Parameters
    ----------
    codes
        Base codes 0 to 4, (batch, length) with a length of at least ``k``.
    k
        Length of the k-mers whose counts stay, in bp.
    seeds
        One uint64 a row.
    out
        Where to write, of the shape of ``codes``.
    """
    steps = codes.shape[1] - k + 1
    # Which number a (k-1)-mer has in this row; cleared after each row by its own entries alone.
    numbers = np.full(_LETTERS ** (k - 1), _NONE, np.int32)
    path = np.empty(steps + 1, np.int32)
    first_exit = np.empty(steps + 2, np.int32)
    exits = np.empty(steps, np.int32)
    chosen = np.empty(steps + 1, np.int32)
    state = np.empty(1, np.uint64)
    for row in range(codes.shape[0]):
        state[0] = seeds[row]
        vertices = _number_words(codes[row], k, numbers, path)
        _group_exits(path, vertices, first_exit, exits)
        _draw_tree(path, vertices, first_exit, exits, chosen, state)
        _order_exits(vertices, first_exit, exits, chosen, state)
        _walk(codes[row], k, path, first_exit, exits, chosen, out[row])


@numba.njit(nogil=True, cache=True)
@no_type_check
def _number_words(sequence: np.ndarray, k: int, numbers: np.ndarray, path: np.ndarray) -> int:
    """Write the vertex at each step into ``path``, numbered by first visit; give their number."""
    size = len(numbers)
    word = 0
    for i in range(k - 1):
        word = word * _LETTERS + sequence[i]
    vertices = 0
    for step in range(len(path)):
        if numbers[word] == _NONE:
            numbers[word] = vertices
            vertices += 1
        path[step] = numbers[word]
        if step < len(path) - 1:
            word = (word * _LETTERS + sequence[step + k - 1]) % size
    word = 0
    for i in range(len(sequence)):
        word = (word * _LETTERS + sequence[i]) % size
        if i >= k - 2:
            numbers[word] = _NONE
    return vertices


@numba.njit(nogil=True, cache=True)
@no_type_check
def _group_exits(
    path: np.ndarray, vertices: int, first_exit: np.ndarray, exits: np.ndarray
) -> None:
    """List the steps that leave each vertex: ``exits[first_exit[v]:first_exit[v + 1]]``."""
    first_exit[: vertices + 1] = 0
    for step in range(len(exits)):
        first_exit[path[step] + 1] += 1
    for vertex in range(vertices):
        first_exit[vertex + 1] += first_exit[vertex]
    for step in range(len(exits) - 1, -1, -1):
        first_exit[path[step] + 1] -= 1
        exits[first_exit[path[step] + 1]] = step
    # The loop above has moved each start into the place of the end before it.
    for vertex in range(vertices):
        first_exit[vertex] = first_exit[vertex + 1]
    first_exit[vertices] = len(exits)


@numba.njit(nogil=True, cache=True)
@no_type_check
def _draw_tree(
    path: np.ndarray,
    vertices: int,
    first_exit: np.ndarray,
    exits: np.ndarray,
    chosen: np.ndarray,
    state: np.ndarray,
) -> None:
    """Choose an exit for each vertex so that they form a uniform tree towards the last vertex.

    Wilson's algorithm: walk at random from each vertex until the tree is met, and keep the exit
    by which each vertex was last left; that erases the loops.
    """
    root = path[-1]
    joined = np.zeros(vertices, np.bool_)
    joined[root] = True
    for start in range(vertices):
        vertex = start
        while not joined[vertex]:
            first = first_exit[vertex]
            chosen[vertex] = first + _below(first_exit[vertex + 1] - first, state)
            vertex = path[exits[chosen[vertex]] + 1]
        vertex = start
        while not joined[vertex]:
            joined[vertex] = True
            vertex = path[exits[chosen[vertex]] + 1]
    chosen[root] = _NONE


@numba.njit(nogil=True, cache=True)
@no_type_check
def _order_exits(
    vertices: int,
    first_exit: np.ndarray,
    exits: np.ndarray,
    chosen: np.ndarray,
    state: np.ndarray,
) -> None:
    """Shuffle the exits of each vertex, but for the tree's, which comes last."""
    for vertex in range(vertices):
        first, end = first_exit[vertex], first_exit[vertex + 1]
        if chosen[vertex] != _NONE:
            end -= 1
            exits[chosen[vertex]], exits[end] = exits[end], exits[chosen[vertex]]
        for last in range(end - 1, first, -1):
            other = first + _below(last - first + 1, state)
            exits[last], exits[other] = exits[other], exits[last]


@numba.njit(nogil=True, cache=True)
@no_type_check
def _walk(
    sequence: np.ndarray,
    k: int,
    path: np.ndarray,
    first_exit: np.ndarray,
    exits: np.ndarray,
    taken: np.ndarray,
    out: np.ndarray,
) -> None:
    """Spell the path that leaves each vertex by its exits in their order."""
    taken[:] = 0
    out[: k - 1] = sequence[: k - 1]
    vertex = path[0]
    for step in range(len(exits)):
        origin = exits[first_exit[vertex] + taken[vertex]]
        taken[vertex] += 1
        out[step + k - 1] = sequence[origin + k - 1]
        vertex = path[origin + 1]


@numba.njit(nogil=True, cache=True)
@no_type_check
def _below(bound: int, state: np.ndarray) -> int:
    """Draw a whole number from 0 to ``bound - 1``, each as likely (Lemire 2019)."""
    wide = np.uint64(bound)
    product = _draw(state) * wide
    if (product & _LOW) < wide:
        # 2**32 modulo the bound: draws below it would favour some numbers.
        threshold = (_LOW + np.uint64(1)) % wide
        while (product & _LOW) < threshold:
            product = _draw(state) * wide
    return np.int64(product >> np.uint64(32))


@numba.njit(nogil=True, cache=True)
@no_type_check
def _draw(state: np.ndarray) -> np.uint64:
    """Draw 32 random bits from SplitMix64 (Steele et al. 2014), whose state is a counter."""
    state[0] += _STEP
    bits = state[0]
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (bits ^ (bits >> np.uint64(31))) >> np.uint64(32)
