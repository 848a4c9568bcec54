"""What panels, twins and reports say, in English or Japanese.

The English text is the key: ``say("{n} rows", n=3)``. Japanese lies in ``ja/*.json``, a
file a panel and one that all share; a test looks that each key is there. This is a
leaf: every room may import it, and nothing is read before Japanese is asked for.
"""

from __future__ import annotations

from jupyter_artifacts.words.choice import Language, choose, chosen, language, on_change, speaking
from jupyter_artifacts.words.reasons import reason
from jupyter_artifacts.words.saying import counted, mixed, say

__all__ = ["Language", "choose", "chosen", "counted", "language", "mixed", "on_change", "reason", "say", "speaking"]
