"""Try the commands of an installed abduce: what needs no extra works, what needs one names it.

Usage: python .ci/doors.py ABDUCE RECORDS [EXTRA...]
RECORDS is a file of records to report; the extras are those that are installed.
"""

import subprocess
import sys
from pathlib import Path

COMMANDS = (
    "answer", "bench", "check", "data", "data fetch", "data lambda", "data list", "data where",
    "demo", "doctor", "execute", "nap", "nap mine", "prove", "reduce", "report", "solve",
    "soundness", "soundness run", "sql compare", "train", "verify", "vnncomp",
)  # fmt: skip
WORKING = (
    ("--version",),
    ("--help",),
    *((*command.split(), "--help") for command in COMMANDS),
    ("bench", "--list"),
    *(("bench", part, "--list") for part in ("all", "scan", "pcfg", "lambda", "execution")),
    ("data", "list"),
    ("data", "list", "--json"),
    ("data", "where"),
    ("demo",),
    ("doctor", "--offline"),
    ("execute",),
    ("execute", "--json"),
    ("prove",),
    ("prove", "--json"),
    ("train",),
    ("train", "--json"),
    ("reduce", r"(\n f x. f (n f x)) 3", "--decode", "church"),
    ("solve", "--train", "pairs.txt", "--save", "lexicon.json"),
    ("answer", "lexicon.json", "jump twice"),
    ("report", "RECORDS", "--out", "report.html"),
    ("execute", "sort", "--input", "numbers.txt"),
    ("execute", "sort", "--input", "numbers.txt", "--level", "L0"),
)
NEEDING = (
    ("verify", ("demo", "verify")),
    ("neural", ("train", "sort", "--kernels", "kernels")),
    (
        "cluster",
        ("bench", "lambda", "--list", "--backend", "dask", "--scheduler", "tcp://127.0.0.1:1"),
    ),
    ("cluster", ("bench", "lambda", "--list", "--backend", "ray", "--scheduler", "127.0.0.1:1")),
    ("fast", ("reduce", r"\x. x", "--engine", "compiled")),
    ("mathematics", ("calculate", "What is 15% of 80?")),
    ("sql", ("sql", "compare", "pets.sql", "SELECT kind FROM pet", "SELECT kind FROM pet")),
)
BRINGING = {"neural": ("mathematics",)}
"""Extras that bring all packages of others."""
PAIRS = """\
IN: jump OUT: JUMP
IN: run OUT: RUN
IN: walk OUT: WALK
IN: look OUT: LOOK
IN: run twice OUT: RUN RUN
IN: walk twice OUT: WALK WALK
IN: look twice OUT: LOOK LOOK
"""


def main(abduce: str, records: str, extras: list[str]) -> int:
    Path("pairs.txt").write_text(PAIRS, encoding="utf-8")
    Path("pets.sql").write_text("CREATE TABLE pet (kind TEXT);\n", encoding="utf-8")
    Path("numbers.txt").write_text("3 -1 2.5\n", encoding="utf-8")
    faults: list[str] = []
    for arguments in WORKING:
        fault = tried(abduce, [records if word == "RECORDS" else word for word in arguments], None)
        faults += [fault] if fault else []
    there = {*extras, *(other for extra in extras for other in BRINGING.get(extra, ()))}
    for extra, arguments in NEEDING:
        fault = tried(abduce, list(arguments), None if extra in there else extra)
        faults += [fault] if fault else []
    count = len(WORKING) + len(NEEDING)
    told = f"extras: {', '.join(extras) or 'none'}; {count - len(faults)} of {count} commands"
    sys.stdout.write("\n".join([told, *faults]) + "\n")  # noqa: TID251
    return int(bool(faults))


def tried(abduce: str, arguments: list[str], missing: str | None) -> str:
    """What is wrong; empty where nothing is.

    Args:
        missing: the extra that the command has to name; None where it has to work.
    """
    done = subprocess.run(
        [abduce, *arguments], capture_output=True, text=True, timeout=300, check=False
    )
    right = "Traceback" not in done.stderr and done.returncode == (3 if missing else 0)
    if right and (missing is None or f"pip install 'abduce[{missing}]'" in done.stderr):
        return ""
    lines = done.stderr.strip().splitlines() or ["no message"]
    return f"  abduce {' '.join(arguments)}: exit code {done.returncode}, {lines[-1]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
