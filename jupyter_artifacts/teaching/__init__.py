"""Self checks for the notebooks: they look into the learner's own store and give hints."""
