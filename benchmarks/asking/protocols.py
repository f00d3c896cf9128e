"""The protocols of the literature: their targets, and what others have reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A row of the table.

    Attributes:
        about: the protocol, in words.
        floors, aims: the targets of execution, and of exact set match where there is one.
        published: what others have reached, in words.
        empty: whether a gold query without rows counts in execution.
    """

    about: str
    floors: Mapping[str, float]
    aims: Mapping[str, float]
    published: str
    empty: bool


BENCHMARKS: Final[Mapping[str, Benchmark]] = MappingProxyType(
    {
        "geoquery:question": Benchmark(
            about="GeoQuery, question split",
            floors={"execution": 0.80},
            aims={"execution": 0.88},
            published="exact match: template 57, seq2seq with copying 71, Iyer 66",
            empty=False,
        ),
        "geoquery:query": Benchmark(
            about="GeoQuery, query split",
            floors={"execution": 0.75},
            aims={"execution": 0.84},
            published="exact match: template 0, seq2seq with copying 20, Iyer 40",
            empty=False,
        ),
        "spider": Benchmark(
            about="Spider dev, databases that were never seen",
            floors={"exact": 0.30, "execution": 0.33},
            aims={"exact": 0.42, "execution": 0.48},
            published="exact set match: SyntaxSQLNet 18.9 to 24.8, T5-base 59.4",
            empty=True,
        ),
    }
)
