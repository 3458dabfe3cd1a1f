"""Train genomic sequence-to-function networks and see what they learned."""

__version__ = "0.1.0"
