"""Charts: data to be drawn by the panels, computed here."""
