"""Synthetic regulatory sequences whose truth is known at every base."""
