"""Limits on the process that runs programs: time, memory, files, network, new processes.

Limits on resources come first; then, on Linux, a network of its own and a filter of system calls
that lets nothing be written, connected or started. Python's own audit hook refuses files outside
the folders of its libraries, whatever the system. What could not be set is told.

Source: Linux manual pages setrlimit(2), unshare(2), seccomp(2); PEP 578 (audit hooks).
"""

import contextlib
import ctypes
import platform
import resource
import struct
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
RETURN_ALLOW, RETURN_ERRNO_EPERM = 0x7FFF0000, 0x00050001
OPEN_CHANGES: Final = 0o3 | 0o100 | 0o1000 | 0o2000
"""Flags of open that write, create, cut or append."""
AUDIT_X86, AUDIT_ARM = 0xC000003E, 0xC00000B7
DENIED: Final = {
    "x86_64": (41, 42, 43, 49, 50, 53, 56, 57, 58, 59, 62, 76, 77, 82, 83, 84, 85, 86, 87, 88, 90,
               92, 94, 101, 133, 161, 165, 200, 234, 258, 259, 260, 263, 264, 265, 266, 268, 288,
               310, 311, 316, 322, 424, 425, 426, 427, 434, 435, 437, 438),
    "aarch64": (33, 34, 35, 36, 37, 38, 45, 46, 52, 53, 54, 55, 117, 129, 130, 131, 198, 199, 200,
                201, 202, 203, 220, 221, 242, 270, 271, 276, 281, 424, 425, 426, 427, 434, 435, 437,
                438),
}  # fmt: skip
"""System calls of sockets, processes, signals and changes of files, by their numbers."""
OPENS: Final = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
"""The calls that open files, with the place of their flags."""
LIBRARIES: Final = ("sympy", "mpmath", "gmpy2", "flint", "numpy", "scipy", "abduce", "encodings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a program may use."""

    cpu_s: int = 10
    memory_mb: int = 2048


def confine(limits: Limits) -> tuple[str, ...]:
    """Confines this process for good; says what the system does not isolate, as sentences."""
    told: list[str] = []
    size = limits.memory_mb * 2**20
    for kind, most in (
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    with contextlib.suppress(ValueError, OSError, AttributeError):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    own = _own_network()
    filtered = _filtered()
    if not own and not filtered:
        told.append("This system does not isolate the network from the program.")
    if not filtered:
        told.append("This system does not filter the system calls of the program.")
    sys.addaudithook(_hook())
    return tuple(told)


def _own_network() -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 or libc.unshare(CLONE_NEWNET) == 0


def _filtered() -> bool:
    """Installs the filter of system calls; False where the system has none."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in DENIED:
        return False
    code = program(machine)
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(code)

    class Filter(ctypes.Structure):
        _fields_ = (("count", ctypes.c_ushort), ("code", ctypes.c_void_p))

    header = Filter(len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(header), 0, 0) == 0


def program(machine: str) -> bytes:
    """The filter as instructions of the Berkeley packet filter: (code, true, false, operand)."""
    load, equal, bits, give = 0x20, 0x15, 0x45, 0x06
    architecture = AUDIT_X86 if machine == "x86_64" else AUDIT_ARM
    rows: list[tuple[int, int, int, int]] = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (give, 0, 0, RETURN_ERRNO_EPERM),
        (load, 0, 0, 0),
    ]
    for call in DENIED[machine]:
        rows += [(equal, 0, 1, call), (give, 0, 0, RETURN_ERRNO_EPERM)]
    for call, place in OPENS[machine]:
        rows += [
            (equal, 0, 4, call),
            (load, 0, 0, 16 + 8 * place),
            (bits, 0, 1, OPEN_CHANGES),
            (give, 0, 0, RETURN_ERRNO_EPERM),
            (give, 0, 0, RETURN_ALLOW),
        ]
    if machine == "x86_64":  # calls of the 32-bit kind have a number of their own
        rows += [(0x35, 0, 1, 0x40000000), (give, 0, 0, RETURN_ERRNO_EPERM)]
    rows.append((give, 0, 0, RETURN_ALLOW))
    return b"".join(struct.pack("HBBI", *row) for row in rows)


def _hook() -> Any:
    """An audit hook that refuses what no calculation does."""
    folders = tuple(
        str(Path(p).resolve()) for p in {*sysconfig.get_paths().values(), *_places()} if p
    )
    refused = ("socket.", "subprocess.", "os.fork", "os.exec", "os.posix_spawn", "os.system",
               "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink",
               "os.chmod", "os.chown", "os.truncate", "os.listdir", "os.scandir", "os.putenv",
               "shutil.", "ctypes.", "pty.", "ftplib.", "smtplib.", "urllib.", "http.", "glob.",
               "webbrowser.", "sqlite3.", "tempfile.", "mmap.", "marshal.dump", "sys.settrace",
               "signal.pthread_kill", "os.kill")  # fmt: skip

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode = arguments[0], arguments[1]
            if mode is not None and set(str(mode)) & set("wax+"):
                raise PermissionError("a program of a calculation writes no files")
            if isinstance(path, (str, bytes)):
                text = path.decode() if isinstance(path, bytes) else path
                if ".." in text or not text.startswith(folders):
                    raise PermissionError(f"a program of a calculation does not read {text}")
        elif event == "import":
            root = str(arguments[0]).partition(".")[0]
            if root not in LIBRARIES and root not in sys.stdlib_module_names:
                raise PermissionError(f"a program of a calculation does not import {root}")
            if root in _FORBIDDEN:
                raise PermissionError(f"a program of a calculation does not import {root}")
        elif event.startswith(refused) and event not in ("os.listdir", "os.scandir"):
            raise PermissionError(f"a program of a calculation does not do {event}")

    return hook


_FORBIDDEN: Final = frozenset({"socket", "subprocess", "multiprocessing", "ctypes", "asyncio"})


def _places() -> set[str]:
    """The folders of the libraries that are loaded."""
    found = set()
    for name in LIBRARIES:
        module = sys.modules.get(name)
        for path in getattr(module, "__path__", ()):
            found.add(str(Path(path).resolve()))
            found.add(str(path))
    return found
