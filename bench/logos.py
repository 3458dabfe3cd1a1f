"""How long 300 sequence logos take, beside logomaker where it is installed."""

import importlib.util
import io
import time

import numpy as np

from cislens.report import logo
from cislens.sequence.pwm import Pwm

LOGOS, WIDTH = 300, 19
LIMIT = 10.0
"""Seconds that 300 logos may take."""


def motifs():
    rng = np.random.default_rng(0)
    return [Pwm(f"filter_{i}", rng.dirichlet(np.full(4, 0.3), WIDTH).T) for i in range(LOGOS)]


def ours(pwms):
    start = time.perf_counter()
    size = sum(len(logo.svg(pwm, shared=True)) for pwm in pwms)
    return time.perf_counter() - start, size


def theirs(pwms):
    """Time logomaker on a tenth of the logos and scale up: it draws a few a second."""
    import logomaker
    import matplotlib as mpl
    import pandas as pd
    from matplotlib import pyplot

    mpl.use("svg")
    some = pwms[:: len(pwms) // 30]
    start = time.perf_counter()
    for pwm in some:
        frame = pd.DataFrame(pwm.probabilities.T, columns=list("ACGT"))
        figure, axes = pyplot.subplots(figsize=(3, 1))
        logomaker.Logo(
            logomaker.transform_matrix(frame, from_type="probability", to_type="information"),
            ax=axes,
        )
        figure.savefig(io.StringIO(), format="svg")
        pyplot.close(figure)
    return (time.perf_counter() - start) * len(pwms) / len(some)


def main():
    pwms = motifs()
    seconds = min(ours(pwms)[0] for _ in range(3))
    size = ours(pwms)[1]
    row = "{:34}{:>10}{:>10}".format
    print(row(f"{LOGOS} logos of {WIDTH} columns", "seconds", "ratio"))
    print(row("cislens", f"{seconds:.3f}", "1"))
    if importlib.util.find_spec("logomaker"):
        other = theirs(pwms)
        print(row("logomaker (30 drawn, scaled up)", f"{other:.1f}", f"{other / seconds:.0f}"))
    else:
        print("logomaker is not installed: no ratio")
    verdict = "held" if seconds <= LIMIT else "MISSED"
    print(f"wanted: <= {LIMIT:g} s, {verdict}; {size / LOGOS / 1e3:.1f} kB a logo")


if __name__ == "__main__":
    main()
