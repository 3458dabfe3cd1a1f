"""Files in, datasets out: FASTA, tables and HDF5 bundles become one Zarr store with splits."""
