"""The command line: ``jupyter artifacts`` and ``python -m jupyter_artifacts``."""
