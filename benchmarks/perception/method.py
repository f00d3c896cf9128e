"""The version of how images are learned from, alone so that reports load nothing else."""

from typing import Final

METHOD: Final = 2
"""It is part of every record's configuration, and so of its id. Reports show records of it only."""
