"""The command `abduce`, also as `python -m abduce`.

Verification has a way in of its own, because of what the other commands' parser takes to start.
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
        from abduce.cli_verify import run as verification
        from abduce.clock import Stopwatch

        return verification(arguments, Stopwatch.of_process())
    from abduce.cli import run as house

    return house(arguments)


if __name__ == "__main__":
    main()
