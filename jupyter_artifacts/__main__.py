"""``python -m jupyter_artifacts`` is ``jupyter artifacts``."""

import sys

from jupyter_artifacts.cli.main import main

sys.exit(main())
