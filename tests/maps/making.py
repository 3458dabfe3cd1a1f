"""Make small stores of maps; run as a script, kill the process that does at every step.

Usage: making.py FOLDER STRIDE
"""

import dataclasses  # noqa: F401 - for tests
import os
import shutil
import signal
import sys
from pathlib import Path

import numpy as np

from cislens.maps import store, writer
from cislens.maps.header import Header, Provenance
from cislens.maps.sequences import Sequences
from cislens.sequence import alphabet

LENGTH = 6


def provenance(**changes):
    known = {
        "method": "deeplift_shap",
        "options": {"references": "dinucleotide", "shuffles": 3},
        "target": "SP1",
        "gauge": "own",
        "both_strands": False,
        "model": "a" * 64,
        "sequences": "b" * 64,
        "seed": 0,
        "cislens": "0.1.0",
    }
    return Provenance(**(known | changes))


def header(count=7, block=3, **changes):
    motif = {"name": "MA0079.3", "label": "SP1", "information": [0.5, 1.5, 2.0]}
    return Header(
        count, LENGTH, alphabet.DNA, block, ("chr2", "chr10"), (motif,), provenance(**changes)
    )


def sequences(count=7):
    start = np.arange(count, dtype=np.int64) * 4
    columns = {
        "chrom": np.arange(count, dtype=np.int32) % 3 - 1,
        "start": start,
        "end": start + LENGTH,
        "strand": np.arange(count, dtype=np.uint8) % 3,
    }
    sites = np.array([[1, 0, 3, 0, 0], [1, 2, 5, 1, 0], [4, 3, 6, 0, 0]])
    return Sequences([f"s{i}" for i in range(count)], columns, sites)


def block(rows, *, gauge="hypothetical"):
    """Make maps that depend on the row alone."""
    made = [np.random.default_rng(row) for row in range(rows.start, rows.stop)]
    return writer.Block(
        codes=np.stack([rng.integers(0, 5, LENGTH, dtype=np.uint8) for rng in made]),
        values=np.stack([rng.standard_normal((4, LENGTH), dtype=np.float32) for rng in made]),
        outputs=np.arange(rows.start, rows.stop, dtype=np.float32),
        gauge=gauge,
        reference="3 dinucleotide shuffles",
        deltas=np.stack([rng.standard_normal(2, dtype=np.float32) for rng in made]),
        notes=("all", *(["first"] if rows.start == 0 else [])),
    )


def write(path, *, form="hypothetical", **known):
    write_all(path, header(**known), form=form)
    return path


def write_all(path, wanted, *, form="hypothetical"):
    with writer.begin(path, wanted, sequences()) as made:
        for rows in made.missing():
            made.write(rows, block(rows, gauge=form))
    return store.open(path)


def tree(folder):
    """Read all files below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def in_child(work):
    """Run in a process of its own and tell by which signal it died, 0 for none."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_after(steps, folder):
    """Let the process die at its next touch of the file system below a folder."""
    left = steps

    def hook(event, arguments):
        nonlocal left
        touches = event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}
        if touches and str(folder) in str(arguments[0]):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def try_kill(folder, steps, whole):
    """Kill a writer, go on, and hold the result against one that was not disturbed."""
    path = folder / f"{steps}" / "SP1.zarr"

    def first():
        killed_after(steps, path.parent)
        write(path)

    def second():
        with writer.begin(path, header(), sequences()) as made:
            for rows in made.missing():
                (path.parent / f"again_{rows.start}").touch()
                made.write(rows, block(rows))

    died = in_child(first)
    marks = [int(mark.stem) for mark in path.parent.glob(".SP1.zarr.unfinished/blocks/*.json")]
    assert in_child(second) == 0, steps
    again = [int(mark.name.removeprefix("again_")) for mark in path.parent.glob("again_*")]
    assert not set(marks) & set(again), (steps, marks, again)
    assert tree(path) == whole, steps
    assert sorted(p.name for p in path.parent.glob("*zarr*")) == ["SP1.zarr"], steps
    shutil.rmtree(path.parent)
    return died, marks


def main(folder, stride):
    """Kill at every step until the writer gets through; say how often it died and how far."""
    assert in_child(lambda: write(folder / "whole" / "SP1.zarr")) == 0
    whole = tree(folder / "whole" / "SP1.zarr")
    died, steps, seen = -signal.SIGKILL, 0, set()
    while died == -signal.SIGKILL:
        died, marks = try_kill(folder, steps, whole)
        seen.add(len(marks))
        steps += stride
    assert died == 0
    print(steps // stride - 1, *sorted(seen))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
