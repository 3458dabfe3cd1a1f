"""Figures and the HTML page; sees arrays and files, never a network."""
