"""Filters as motifs: the sequences under the strongest activations of each filter."""

import dataclasses
from collections.abc import Callable

import numpy as np
import torch
from torch import nn

from cislens.errors import UserError
from cislens.models import inference, layers
from cislens.models._sequences import Sequences
from cislens.motifs import _source, _store, _thresholds, filter_motifs
from cislens.motifs._collector import Collector, Windows
from cislens.motifs.filter_motifs import FilterMotif, FilterMotifs
from cislens.motifs.options import FilterOptions


def extract(
    model: nn.Module,
    sequences: Sequences,
    *,
    layer: str | None = None,
    options: FilterOptions | None = None,
    batch_size: int | None = None,
    device: inference.Device = None,
    progress: Callable[[int, int], None] | None = None,
) -> FilterMotifs:
    """Turn the filters of a layer into motifs.

    For each filter the sites above its threshold are lined up by their windows, the part of the
    sequence that the activation can see, and the bases at each column are counted. The windows are
    measured, so that padding, stride, dilation and pooling cannot shift a motif. The network runs
    once over the sequences with the rules "fraction-of-maximum", "absolute" and "top", twice with
    "mean-to-maximum" and four times with "quantile". Memory does not grow with the number of
    sequences; should sites of "fraction-of-maximum" not fit into it, one more pass is run. The
    result depends on the batch size no more than the network's own rounding does.

    Parameters
    ----------
    model
        The network, which is given back as it came.
    sequences
        One-hot sequences without soft columns, or base codes that are sliced batch by batch. An N
        in a window counts as nothing in its column.
    layer
        Dotted name of a convolution, which is read after its activation where that is known, or of
        any other layer that gives (batch, filter, position); None is the first convolution.
    options
        How sites are chosen and counted; None is the defaults.
    batch_size
        Most rows that go through the network at once, with ``both_strands`` two for each sequence.
        On a processor fewer go if the map would not stay in its cache, and None is that number.
    device
        Where to run the network; None is where it is.
    progress
        Called with the rows done and the rows in all, over all passes.

    Returns
    -------
    FilterMotifs
        Every filter of the layer, with its motif or with the reason why it has none.

    Raises
    ------
    UserError
        If there is no such layer, it gives no map, no window fits into the sequences, or the
        sequences do not fit the network.

    References
    ----------
    Alipanahi et al. (2015), doi:10.1038/nbt.3300; Koo and Ploenzke (2021),
    doi:10.1038/s42256-020-00291-x. Departs from the latter's programs in that windows are measured,
    no site next to the ends is lost, and a filter without sites gives no motif.
    """
    options = FilterOptions() if options is None else options
    layer = _first_convolution(model) if layer is None else layer
    is_convolution = isinstance(layers.find(model, layer), nn.Conv1d)
    readout = layers.readout(model, layer) if is_convolution else layer
    windows = _source.windows(model, sequences, readout, device)
    _check_windows(windows, layer, options)
    source = _source.Source(
        model,
        _source.BothStrands(sequences) if options.both_strands else sequences,
        readout=readout,
        batch_size=_source.rows_at_once(batch_size, windows, _place(model, device), options),
        device=device,
        progress=progress,
        planned_passes=_thresholds.passes(options) + 1,
    )
    motifs = _motifs(source, windows, options)
    return FilterMotifs(
        layer=layer,
        readout=readout,
        start=windows.start,
        jump=windows.jump,
        width=windows.width,
        sequences=len(sequences),
        passes=source.passes,
        options=options,
        filters=motifs,
    )


def _first_convolution(model: nn.Module) -> str:
    names = list(layers.convolutions(model))
    if not names:
        raise UserError("model: it has no convolution; name another layer that gives a map")
    return names[0]


def _place(model: nn.Module, device: inference.Device) -> torch.device:
    if device is not None:
        return torch.device(device)
    return next((p.device for p in model.parameters()), torch.device("cpu"))


def _check_windows(windows: Windows, layer: str, options: FilterOptions) -> None:
    first, end = windows.whole()
    if options.ends == "exclude" and first == end:
        raise UserError(
            f"layer={layer!r}: no window of its {windows.width} bp lies inside the "
            f"{windows.length} bp of a sequence; choose an earlier layer or ends='background'"
        )


def _motifs(
    source: _source.Source, windows: Windows, options: FilterOptions
) -> tuple[FilterMotif, ...]:
    """Find the thresholds, collect the sites, and judge each filter."""
    thresholds = _thresholds.find(source.stream, options, windows.filters)
    collector = _collect(source, windows, options, thresholds)
    if options.rule == "fraction-of-maximum":
        thresholds = _thresholds.of_maximum(collector.state.maximum, options.level)
        if collector.state.stale.any():
            collector = _collect(source, windows, options, thresholds)
    elif thresholds is None:
        thresholds = collector.state.threshold.astype(np.float64)
    background = _background(source, options)
    return tuple(
        _judged(f, collector, float(thresholds[f]), background, options)
        for f in range(windows.filters)
    )


def _collect(
    source: _source.Source,
    windows: Windows,
    options: FilterOptions,
    thresholds: np.ndarray | None,
) -> Collector:
    limits = None
    if thresholds is not None:
        limits = np.array([_store.below(value) for value in thresholds], np.float32)
    collector = Collector(windows, options, limits)
    collector.gather(source.stream())
    return collector


def _background(source: _source.Source, options: FilterOptions) -> np.ndarray:
    if options.background is not None:
        return np.array(options.background)
    # One of each, so that a base that never comes has a share, too.
    counts = source.composition + 1.0
    return np.asarray(counts / counts.sum())


def _judged(
    f: int,
    collector: Collector,
    threshold: float,
    background: np.ndarray,
    options: FilterOptions,
) -> FilterMotif:
    counts = collector.counts()[f]
    state = collector.state
    motif = FilterMotif(
        filter=f,
        state="ok",
        reason=_why_dead(f, collector, options),
        nsites=int(state.sites[f]),
        threshold=threshold,
        max_activation=float(state.maximum[f]),
        counts=counts[:4] + counts[_store.OUTSIDE] * background[:, None],
        full=None,
        trimmed=None,
    )
    if motif.reason:
        return dataclasses.replace(motif, state="dead")
    return filter_motifs.judge(motif, background, options)


def _why_dead(f: int, collector: Collector, options: FilterOptions) -> str:
    """Say in words why a filter has no motif; "" if it has one."""
    state = collector.state
    maximum = float(state.maximum[f])
    if state.undefined[f] or maximum == np.inf:
        return "an activation is infinite or not a number"
    if maximum == state.minimum[f]:
        return f"its activation is {maximum:g} everywhere"
    if options.rule == "fraction-of-maximum" and maximum <= 0:
        return f"its maximum is {maximum:g}, and a share of that is no threshold"
    if state.sites[f] == 0:
        return "no position with a whole window is above the threshold"
    if not collector.counts()[f, [0, 1, 2, 3, _store.OUTSIDE]].any():
        return "its sites weigh nothing: they hold only N, or their activations are negative"
    return ""
