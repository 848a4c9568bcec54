"""The kernel side of the panels: live widgets, and their static twins."""
