"""Speed of the uniform k-mer shuffle against the same algorithm as a plain loop.

Run with: python bench/shuffle.py
"""

import argparse
import collections
import itertools
import time

import numpy as np

from cislens.sequence import shuffle


def plain(sequence, k, rng):
    """Shuffle one sequence with dictionaries and numpy's draws."""
    words = [tuple(sequence[i : i + k - 1]) for i in range(len(sequence) - k + 2)]
    exits = collections.defaultdict(list)
    for word, following in itertools.pairwise(words):
        exits[word].append(following)
    chosen, joined = {}, {words[-1]}
    for start in exits:
        word = start
        while word not in joined:
            chosen[word] = exits[word][rng.integers(len(exits[word]))]
            word = chosen[word]
        word = start
        while word not in joined:
            joined.add(word)
            word = chosen[word]
    for word, following in exits.items():
        last = [chosen[word]] if word != words[-1] else []
        for exit_ in last:
            following.remove(exit_)
        exits[word] = [following[i] for i in rng.permutation(len(following))] + last
    word, out = words[0], list(words[0])
    turns = {word: iter(following) for word, following in exits.items()}
    for _ in range(len(words) - 1):
        word = next(turns[word])
        out.append(word[-1])
    return out


def rate(work, count, repeats=3):
    """Count per second in the best of some repeats."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return count / min(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=20_000)
    parser.add_argument("--length", type=int, default=1_000, help="bp")
    parser.add_argument("--plain", type=int, default=50, help="sequences of the plain loop")
    parser.add_argument("--k", type=int, nargs="+", default=[2, 3, 6])
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (options.sequences, options.length), dtype=np.uint8)
    few = [row.tolist() for row in codes[: options.plain]]
    print(f"{options.sequences} sequences of {options.length} bp; sequences per second")
    print(f"{'k':>2}  {'cislens':>9}  {'plain loop':>10}  {'ratio':>6}")
    for k in options.k:
        shuffle.kmer(codes[:2], k=k, rng=rng)  # compiles
        fast = rate(lambda k=k: shuffle.kmer(codes, k=k, rng=rng), len(codes))
        slow = rate(lambda k=k: [plain(row, k, rng) for row in few], len(few))
        print(f"{k:>2}  {fast:>9.0f}  {slow:>10.0f}  {fast / slow:>6.0f}")


if __name__ == "__main__":
    main()
