"""The data sets as a table: members, checksums, where they come from, and how they are packed.

A member is one file of a data set. Its sha256 stands in checksums/NAME.sha256 (the format of
`sha256sum`), and its bytes are the same wherever it was got: from a packed archive, a folder, or
its official address. An address is pinned to a commit. Some members have none: they were
re-derived, and no official file with their bytes exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from abduce.errors import DataError
from abduce.text import nearest

RAW = "https://raw.githubusercontent.com"
SCAN = f"{RAW}/brendenlake/SCAN/c4b756cbc010d75c912f16c42c8f15dc6b7e6c8f"
MCD = f"{RAW}/microsoft/ContextualSP/7b0b260ad2fbd5d0a9fcf79768846f1a0a2c29f4"
PCFG = f"{RAW}/i-machine-think/am-i-compositional"
PCFG_10K = f"{RAW}/MathijsMul/pcfg-set/99098bd97150671003de60526d884d7c24949944"
MLC = f"{RAW}/brendenlake/MLC/929924fa097331f59ebedc8a0000e3d9baf0c4b1"
FIRST_FILES = f"{PCFG}/3bdced8c0fd9218932d0b78b56ffdc81f14ff666/data/pcfgset"
LATER_FILES = f"{PCFG}/4d9cf128bf2037262d5d7979b78e5bb36bb33cd7/data/pcfgset"
VNNCOMP_2021, VNNCOMP_2022, VNNCOMP_2023 = (
    "stanleybak/vnncomp2021/90419aa",
    "ChristopherBrix/vnncomp2022_benchmarks/324ce34",
    "ChristopherBrix/vnncomp2023_benchmarks/d9e7b2f",
)


@dataclass(frozen=True, slots=True)
class Part:
    """The members whose path begins with `prefix`; the first part of a data set that fits a member
    is its own.

    Args:
        packed: path of the archive that holds them in a data folder: a .tar.xz with the members by
            their paths, or a FILE.xz. `{path}` is the member's path.
        addresses: none, where the member was re-derived; one, the file; two, its sources and its
            targets, a line each, which are joined by a tab. `{path}` is the member's path and
            `{name}` the last part of it.
        derivable: whether `abduce data make` derives the member anew (`making`).
        lacking: why a member without an address cannot be had from its origin.
    """

    prefix: str
    packed: str
    origin: str
    licence: str
    addresses: tuple[str, ...] = ()
    derivable: bool = False
    lacking: str = "re-derived, without an official address"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One row of the table."""

    title: str
    source: str
    parts: tuple[Part, ...]


def _competition(commit: str, *prefixes: str) -> tuple[Part, ...]:
    """Parts that a repository of the verification competition has as they are."""
    origin = commit.rsplit("/", 1)[0]
    address = f"{RAW}/{commit}/benchmarks/{{path}}"
    return tuple(Part(p, "verify.tar.xz", origin, "none stated", (address,)) for p in prefixes)


DATA_SETS: Mapping[str, DataSet] = MappingProxyType(
    {
        "scan": DataSet(
            "SCAN: navigation commands to actions; 20,910 pairs and their official splits, MCD1-3",
            "Lake and Baroni 2018; MCD: Keysers et al. 2020",
            (
                Part(
                    "mcd_split/",
                    "scan/scan_main_splits.tar.xz",
                    "microsoft/ContextualSP",
                    "MIT",
                    (f"{MCD}/compositional_generalization/data/{{name}}",),
                ),
                Part(
                    "",
                    "scan/scan_main_splits.tar.xz",
                    "brendenlake/SCAN",
                    "BSD",
                    (f"{SCAN}/{{path}}",),
                ),
            ),
        ),
        "pcfg": DataSet(
            "PCFG SET: string edits; official tests, recovered training samples, and the 10K set",
            "Hupkes et al. 2020",
            (
                Part(
                    "data/pcfg_set/10K/",
                    "pcfg/official_10K_random_split.tar.xz",
                    "MathijsMul/pcfg-set",
                    "none stated",
                    (f"{PCFG_10K}/{{path}}",),
                ),
                Part(
                    "iid_test",
                    "pcfg/{path}.xz",
                    "i-machine-think/am-i-compositional",
                    "MIT",
                    (f"{FIRST_FILES}/pcfgset/test.src", f"{FIRST_FILES}/pcfgset/test.tgt"),
                ),
                Part(
                    "iid_dev",
                    "pcfg/{path}.xz",
                    "i-machine-think/am-i-compositional",
                    "MIT",
                    (f"{FIRST_FILES}/pcfgset/dev.src", f"{FIRST_FILES}/pcfgset/dev.tgt"),
                ),
                Part(
                    "productivity_test",
                    "pcfg/{path}.xz",
                    "i-machine-think/am-i-compositional",
                    "MIT",
                    (
                        f"{FIRST_FILES}/productivity/test.src",
                        f"{FIRST_FILES}/productivity/test.tgt",
                    ),
                ),
                Part(
                    "systematicity_test",
                    "pcfg/{path}.xz",
                    "i-machine-think/am-i-compositional",
                    "MIT",
                    (
                        f"{FIRST_FILES}/systematicity/test.src",
                        f"{LATER_FILES}/systematicity/test.tgt",
                    ),
                ),
                Part(
                    "",
                    "pcfg/{path}.xz",
                    "set differences between the splits of i-machine-think/am-i-compositional",
                    "MIT",
                ),
            ),
        ),
        "miniscan": DataSet(
            "miniSCAN: 14 study and 10 query examples, and people's answers",
            "Lake, Linzen and Baroni 2019; Lake and Baroni 2023",
            (
                Part(
                    "",
                    "miniscan/mlc_data_human.tar.xz",
                    "brendenlake/MLC",
                    "none stated",
                    (f"{MLC}/{{path}}",),
                ),
            ),
        ),
        "hint": DataSet(
            "HINT at symbol level: arithmetic expressions and their values, by length and by size",
            "Li et al. 2023",
            (
                Part(
                    "",
                    "hint/{path}.xz",
                    "re-derived with the authors' seed and order of draws (liqing-ustc/HINT)",
                    "MIT",
                    derivable=True,
                ),
            ),
        ),
        "handwritten": DataSet(
            "24,510 real handwritten symbols of HINT's 16 classes, 32x32, 16 grey levels",
            "bhmsds; mdas; CROHME",
            (
                Part(
                    "",
                    "handwritten/{path}.xz",
                    "wblachowski/bhmsds @ 07d208e4 (digits, + - *), "
                    "jdmacleod/handwritten-calculator @ c00b70f (+ - * /), "
                    "SubhamSaurabh/hmer @ da24411 (brackets, from CROHME)",
                    "MIT; MIT; CC BY-NC-SA 3.0",
                    lacking="how its crops were cut and scaled is not recorded",
                ),
            ),
        ),
        "verify": DataSet(
            "Networks and properties of VNN-COMP with expected verdicts; needles and roundings",
            "VNN-COMP 2021, 2022 and 2023; needles, roundings and reshapes: made for Abduce",
            (
                *_competition(
                    VNNCOMP_2021,
                    "eran/nets/",
                    "eran/specs/",
                ),
                *_competition(
                    VNNCOMP_2022,
                    *("acasxu/onnx/", "acasxu/vnnlib/", "acasxu/instances.csv"),
                    *("mnist_fc/onnx/", "mnist_fc/vnnlib/", "mnist_fc/instances.csv"),
                    *("test/test_", "test/instances.csv"),
                    *("cifar_biasfield/onnx/", "cifar_biasfield/vnnlib/"),
                    *("sri_resnet_a/onnx/", "sri_resnet_a/vnnlib/"),
                ),
                *_competition(
                    VNNCOMP_2023,
                    *("cgan/onnx/", "cgan/vnnlib/"),
                    *("dist_shift/onnx/", "dist_shift/vnnlib/"),
                    *("ml4acopf/onnx/", "ml4acopf/vnnlib/"),
                    *("tllverifybench/onnx/", "tllverifybench/vnnlib/"),
                    *("vit/onnx/", "vit/vnnlib/"),
                ),
                Part(
                    "",
                    "verify.tar.xz",
                    "the choice of instances, verdicts and witnesses collected; made for Abduce",
                    "none stated",
                ),
            ),
        ),
    }
)


def data_set(name: str) -> DataSet:
    """The row of that name.

    Raises:
        DataError: no such row.
    """
    if name not in DATA_SETS:
        known = f"Expected one of {', '.join(DATA_SETS)}."
        near = nearest(name, DATA_SETS)
        advice = f"{known} {near}" if near else known
        raise DataError(f"the data set {name!r}", (), advice, "is unknown")
    return DATA_SETS[name]


@cache
def checksums(name: str) -> Mapping[str, str]:
    """Member path to sha256, for every member of a data set.

    >>> len(checksums("scan")), "tasks.txt" in checksums("scan")
    (45, True)
    """
    data_set(name)
    text = (Path(__file__).parent / "checksums" / f"{name}.sha256").read_text(encoding="ascii")
    pairs = (line.split("  ", 1) for line in text.splitlines())
    return MappingProxyType({path: sha256 for sha256, path in pairs})


def part(name: str, member: str) -> Part:
    """The part of the data set that a member belongs to.

    Raises:
        DataError: the data set has no such member.
    """
    if member not in checksums(name):
        raise DataError(
            f"{name}: {member}",
            (),
            f"Its members: abduce data where {name}",
            "is no member of the data set",
        )
    return next(p for p in data_set(name).parts if member.startswith(p.prefix))


def packed_path(name: str, member: str) -> Path:
    """The archive that holds a member, relative to a data folder.

    >>> packed_path("pcfg", "iid_test.tsv").as_posix()
    'pcfg/iid_test.tsv.xz'
    """
    return Path(part(name, member).packed.format(path=member))


def addresses(name: str, member: str) -> tuple[str, ...]:
    """The official addresses of a member: none, one, or those of its sources and its targets."""
    last = member.rsplit("/", 1)[-1]
    return tuple(a.format(path=member, name=last) for a in part(name, member).addresses)
