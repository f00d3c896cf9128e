"""The command `abduce`, also as `python -m abduce`.

Verification has a way in of its own, because of what the other commands' parser takes to start.
"""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """The entry point of the installed command."""
    if sys.argv[1:2] in (["verify"], ["vnncomp"]):
        from abduce.cli_verify import main as verification

        verification()
    from abduce.cli import main as house

    house()


if __name__ == "__main__":
    main()
