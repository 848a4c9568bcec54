"""Artifacts: drafts that files are put into, and logged versions that are read back."""
