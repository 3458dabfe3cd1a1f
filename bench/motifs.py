"""Naming of filters against memelite itself.

Run with: python bench/motifs.py (320 filters of 19 columns, JASPAR 2026 vertebrates)

Both sides compare the same motifs, in turn; times are of the processor, on one thread. What cislens
adds is the pseudocount, the table with E- and q-values, and the share that a match explains.
"""

import statistics
import time

import memelite
import numba
import numpy as np

from cislens.motifs import database, tomtom
from cislens.sequence.pwm import Pwm

FILTERS, WIDTH, REPEATS = 320, 19, 3


def filters(known, rng):
    """Make filters as they are found: a known motif somewhere in noise, or noise alone."""
    made = []
    for number in range(FILTERS):
        columns = rng.dirichlet(np.full(4, 1.0), size=WIDTH).T
        motif = known[rng.integers(len(known))].probabilities[:, :WIDTH]
        if number % 2:
            start = rng.integers(0, WIDTH - motif.shape[1] + 1)
            columns[:, start : start + motif.shape[1]] = motif
        made.append(Pwm(f"filter_{number}", columns, nsites=200.0))
    return made


def timed(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def main():
    numba.set_num_threads(1)
    known = database.load("jaspar2026")
    queries = filters(known, np.random.default_rng(0))
    ours = [query.probabilities for query in queries]
    targets = [target.probabilities for target in known]

    def cislens():
        return tomtom.match(queries, known)

    def explained():
        tomtom.explained(cislens(), queries, known)

    def exact():
        memelite.tomtom(ours, targets, n_target_bins=None)

    sides = {
        "memelite, exact columns": exact,
        "cislens": cislens,
        "and what it explains": explained,
    }
    sides["memelite, 100 column bins (its default)"] = lambda: memelite.tomtom(ours, targets)
    for work in sides.values():
        work()
    times = {name: [] for name in sides}
    for _ in range(REPEATS):
        for name, work in sides.items():
            times[name].append(timed(work))
    base = statistics.median(times["memelite, exact columns"])
    print(f"{FILTERS} filters against {len(known)} motifs")
    for name, values in times.items():
        value = statistics.median(values)
        print(f"{name:40} {value:6.2f} s  {value / base:5.2f}")
    print("bar of cislens: 1.2")


if __name__ == "__main__":
    main()
