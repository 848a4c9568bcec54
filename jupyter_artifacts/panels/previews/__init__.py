"""Looking into stored files: bounded readers for common formats; nothing is unpickled, run or extracted."""
