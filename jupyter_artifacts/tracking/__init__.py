"""Runs, artifacts and what reads them back: the Python API under W&B's names."""
