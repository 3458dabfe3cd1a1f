"""Fixtures that every test may use."""

import http.server
import os
import threading
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")

import numpy as np
import pybigtools
import pytest
import torch

from cislens.data import bed, genome, profile_build, splits, tracks
from cislens.data.profile_windows import Windowing

REAL_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def rng():
    return np.random.default_rng(20261121)


@pytest.fixture(autouse=True)
def _fixed_torch_seed():
    torch.manual_seed(0)


@pytest.fixture
def real_data():
    """Folder of real data, which a checkout may lack."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"real data not found at {REAL_DATA}")
    return REAL_DATA


class FileServer(http.server.ThreadingHTTPServer):
    """Files over http, with the faults that servers have."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files = {}
        self.breaks = []
        """After how many bytes each of the next answers breaks off; None for never."""
        self.ranges = True
        self.etag = '"first"'
        self.asked = []

    def url(self, name):
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.headers.get("Range"))
        whole = self.server.files.get(self.path.lstrip("/"))
        if whole is None:
            self.send_error(404)
            return
        start = self._start()
        if start >= len(whole) > 0:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(whole)}")
            self.end_headers()
            return
        body = whole[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        if self.server.etag:
            self.send_header("ETag", self.server.etag)
        self.end_headers()
        stop = self.server.breaks.pop(0) if self.server.breaks else None
        self.wfile.write(body[:stop])

    def _start(self):
        if not self.server.ranges or self.headers.get("If-Range") != self.server.etag:
            return 0
        return int((self.headers.get("Range") or "bytes=0-")[6:-1])

    def log_message(self, *words):
        pass


@pytest.fixture
def file_server(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with FileServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def profile_files(rng, tmp_path):
    """A genome of four chromosomes, summits where GATTACA stands, and tags around them."""
    lengths = dict.fromkeys(("chrI", "chrII", "chrIII", "chrIV"), 4000)
    lines, entries, peaks = [], {"plus": [], "minus": []}, []
    for name, length in lengths.items():
        letters = rng.choice(list("ACGT"), length)
        signal = {strand: np.zeros(length) for strand in entries}
        for summit in range(200, 2000, 200):
            letters[summit - 3 : summit + 4] = list("GATTACA")
            signal["plus"][summit - 5] += rng.integers(5, 50)
            signal["minus"][summit + 5] += rng.integers(5, 50)
            peaks.append(f"{name}\t{summit}\t{summit + 1}")
        lines.append(f">{name}\n{''.join(letters)}\n")
        for strand, values in signal.items():
            values += rng.random(length) < 0.05
            entries[strand] += [
                (name, int(i), int(i) + 1, float(values[i])) for i in np.flatnonzero(values)
            ]
    (tmp_path / "genome.fa").write_text("".join(lines))
    (tmp_path / "peaks.bed").write_text("\n".join(peaks) + "\n")
    for strand, found in entries.items():
        pybigtools.open(str(tmp_path / f"{strand}.bw"), "w").write(lengths, iter(found))
    return tmp_path


@pytest.fixture
def profile_dataset(profile_files):
    """Write a dataset of profiles of 20 bp in 366 bp, from `profile_files`; give its path."""

    def write(name="profiles.zarr", *, jitter=4, control=(), at_most=None):
        reference = genome.open(profile_files / "genome.fa")
        pair = [
            tracks.open(profile_files / f"{strand}.bw", sizes=reference.sizes)
            for strand in ("plus", "minus")
        ]
        profile_build.from_peaks(
            profile_build.Source(
                reference,
                bed.read(profile_files / "peaks.bed"),
                {"made": pair},
                dict.fromkeys(control, pair),
                at_most,
            ),
            profile_files / name,
            windowing=Windowing(positions=20, context=366, jitter=jitter, background=0.25),
            split=splits.ByChromosome(["chrIII"], ["chrIV"]),
            provenance={},
        )
        return profile_files / name

    return write
