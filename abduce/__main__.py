"""The command `abduce`, also as `python -m abduce`.

Verification has its own entry point, because the parser of the other commands is slow to start.
"""

import sys
from typing import NoReturn

from abduce.door import enter


def main() -> NoReturn:
    """The entry point of the installed command."""
    enter(run)


def run() -> int:
    """Run the command line of this process, and return its exit code."""
    arguments = sys.argv[1:]
    if arguments[:1] in (["verify"], ["vnncomp"]):
        from abduce.cli.verify import run as verification
        from abduce.clock import Stopwatch

        return verification(arguments, Stopwatch.of_process())
    from abduce.cli.app import run as house

    return house(arguments)


if __name__ == "__main__":
    main()
