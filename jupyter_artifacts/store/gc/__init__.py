"""The garbage collector: mark, condemn, delete, let go, remove. The rules stand in `store/catalog/condemned.py`."""
