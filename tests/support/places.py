"""Where things are that tests read."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The project's own folder."""

SHARED_DIR = ROOT / ".." / "shared"
"""Facts and files beside the project, which need not be there."""
