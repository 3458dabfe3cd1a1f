"""Fitting a network: losses, the Lightning module, the training loop."""
