"""A function as a process: `python -m abduce.benchmarks.processes.called FILE`.

It reads pickles from stdin: first the function and its arguments, then further arguments. What the
function returns is pickled into the file.
"""

import pickle
import sys
from pathlib import Path
from typing import BinaryIO

from abduce.errors import AbduceError
from abduce.printing import write_line


def main(stdin: BinaryIO, kept: Path) -> int:
    """Call the function that is read, and return the exit code of the process."""
    try:
        function, arguments = pickle.load(stdin)
        given: list[object] = []
        while stdin.peek(1):  # pyright: ignore[reportAttributeAccessIssue]
            given.append(pickle.load(stdin))
        kept.write_bytes(pickle.dumps(function(*arguments, *given)))
    except AbduceError as error:
        write_line(sys.stderr, f"abduce: {error}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin.buffer, Path(sys.argv[1])))
