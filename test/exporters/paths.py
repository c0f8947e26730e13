"""Where the modules lie that references and exporters share with other tests; a script imports this first."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("training", "training/tests", "test/search/fixtures", "test/hub/fixtures")]
