"""Pieces that tests do: each adds a line to a file beside the run, so that doing is counted."""

import os
import signal
import time

import numpy as np


def _count(options, place):
    with (place.out.parents[2] / "done.txt").open("a") as file:
        file.write(f"{options.get('number')}\n")


def draw(options, place):
    """Draw numbers, slowly."""
    time.sleep(options.get("seconds", 0))
    numbers = np.random.default_rng(options["number"]).normal(size=5)
    np.save(place.out / "numbers.npy", numbers)
    _count(options, place)
    return {"sum": float(numbers.sum())}


def fail(options, place):
    """Raise, unless a file says that all is well."""
    if (place.out.parents[2] / "mended").exists():
        return {"sum": 0.0}
    raise ValueError(f"number {options['number']} is bad")


def crash(options, place):
    """End the process as a kernel out of memory would."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill(options, place):
    """Write more than the disk takes."""
    (place.out / "large.bin").write_bytes(bytes(options["bytes"]))
    return {}


def resume(options, place):
    """Go on from scratch where an earlier attempt stopped."""
    kept = place.scratch / "step.txt"
    step = int(kept.read_text()) if kept.exists() else 0
    kept.write_text(str(step + 1))
    if step < 2:
        raise RuntimeError(f"step {step}")
    return {"steps": step}


def follow(options, place):
    """Read what an earlier piece left."""
    (earlier,) = place.needed
    return {
        "twice": 2 * earlier.values["sum"],
        "rows": len(np.load(earlier.folder / "numbers.npy")),
    }


def hold(options, place):
    """Wait until told."""
    (place.out.parents[2] / "holding").touch()
    time.sleep(30)
    return {}


def forbidden(options, place):
    """Be refused a file, of the user or of the run."""
    path = str(place.out / "x") if options["own"] else "elsewhere/data.h5"
    raise PermissionError(13, "Permission denied", path)


def nothing(options, place):
    """Give what JSON cannot hold."""
    return {"value": float("nan")}


PIECES = {
    function.__name__: function
    for function in (draw, fail, crash, fill, resume, follow, hold, forbidden, nothing)
}
