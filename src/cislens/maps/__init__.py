"""Base-resolution maps on disk: one Zarr store for each, and the formats that other tools read.

A store is written block by block and goes on after a kill; it is read in slices and holds the
sequences beside their map, so that nothing else is needed to draw or export it. No file here knows
a network.
"""
