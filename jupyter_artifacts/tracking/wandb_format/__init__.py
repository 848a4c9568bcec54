"""Moving in from W&B's offline runs and artifact folders, and out to them."""
