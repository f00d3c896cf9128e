"""What a line of a record file must hold, field by field, for each kind of record.

A line that passes is safe to show: tables, figures and pages ask nothing more of it. Fields beyond
those named here may be there; they must still be plain, finite and not too deep (`check_plain`).
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from abduce.errors import InputError

DEEPEST = 32
LONGEST_NAME = 4096
LONGEST_TEXT = 2**20
SHOWN = 3
"""The upper limit on the faults reported for one line."""
SHOWN_PLACE = 100


Task = TypeVar("Task")
Metrics = TypeVar("Metrics")


def _is_moment(text: str) -> str:
    expected = PydanticCustomError("moment", "a moment in UTC such as 2026-11-21T18:00:52+00:00")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", text, re.ASCII):
        raise expected
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise expected from None
    return text


def _matches(pattern: str, what: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise PydanticCustomError("form", what)  # pyright: ignore[reportArgumentType]
        return text

    return AfterValidator(check)


Name = Annotated[str, Field(max_length=LONGEST_NAME)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Moment = Annotated[str, AfterValidator(_is_moment)]
Id = Annotated[str, _matches("[0-9a-f]{16}", "16 hexadecimal digits")]
Commit = Annotated[str, _matches("[0-9a-f]{7,64}", "the hexadecimal digits of a commit")]
Sha256 = Annotated[str, _matches("[0-9a-f]{64}", "64 hexadecimal digits")]
Count = Annotated[int, Field(ge=0, le=10**18)]
Seed = Annotated[int, Field(ge=-(2**63), lt=2**64)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=1e10, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=1e18, allow_inf_nan=False)]
Number = Annotated[float, Field(ge=-1e18, le=1e18, allow_inf_nan=False)]


class _Part(BaseModel):
    """A model without conversions: a number is not text, and a truth value is not a number."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class _Machine(_Part):
    system: Name | None = None
    machine: Name | None = None
    processor: Name | None = None
    cores: Count | None = None
    memory_mb: Count | None = None
    python: Name | None = None


class _Record(_Part, Generic[Task, Metrics]):
    """The fields of all kinds; kinds differ in their task and their metrics."""

    task: Task
    config: dict[Name, Any]
    seed: Seed
    id: Id
    when: Moment
    version: Name
    commit: Commit | None
    dirty: bool | None
    command: Text
    data_sha256: dict[Text, Sha256]
    machine: _Machine
    libraries: dict[Name, Name]
    status: Literal["complete", "interrupted", "failed", "timeout"]
    wall_s: Seconds
    metrics: Metrics
    artifacts: dict[Text, Sha256]


class _SolveTask(_Part):
    task: Name | None = None
    split: Name | None = None


class _SolveMetrics(_Part):
    task: Name | None = None
    split: Name | None = None
    accuracy: Share | None = None
    abstained: Count | None = None
    train_rows: Count | None = None
    train_s: Seconds | None = None
    test_s: Seconds | None = None
    peak_mb: Amount | None = None
    noise: Share | None = None
    active: bool | None = None
    queries: Count | None = None
    learned_bits: Amount | None = None
    true_bits: Amount | None = None
    config_hash: Name | None = None


class _VerifyTask(_Part):
    benchmark: Name
    network: Name
    property: Name
    timeout_s: Seconds


class _VerifyMetrics(_Part):
    verdict: Literal["proved", "refuted", "unknown"]
    result: Literal["sat", "unsat", "unknown", "timeout", "error"]
    expected: Name | None
    wrong: bool
    reason: Text | None = None
    exit_code: int | None = None
    cpu_s: Seconds | None
    wall_s: Seconds | None = None
    domains: Count | None = None
    points: Count | None = None
    open: Count | None = None
    peak_mb: Amount | None = None


class _ExecuteTask(_Part):
    task: Name
    method: Name | None
    level: Literal["L0", "L1", "L2", "module"]


class _Kernel(_Part):
    attempts: Count
    examples: Count | None = None
    parameters: Count | None = None
    cpu_s: Seconds | None = None
    verdict: Name | None = None


class _Size(_Part):
    n: Count
    inputs: Count
    accuracy: Share
    exact: Share
    steps: Count | None = None
    cpu_s: Seconds
    gap: Number | None = None
    peer_s: Seconds | None = None


class _ExecuteMetrics(_Part):
    proved: bool | None
    train_s: Seconds
    test_s: Seconds
    parameters: Count
    examples: Count
    trained_on: Annotated[list[Count], Field(min_length=2, max_length=2)] | None = None
    unit: Name | None = None
    kernels: dict[Name, _Kernel]
    accuracy: Share | None = None
    sizes: dict[Name, _Size]


class _ReduceMetrics(_Part):
    term: Name
    engine: Name
    run: Name
    beta: Count | None = None
    nodes: Count | None = None
    s: Seconds = 0.0
    beta_per_s: Amount | None = None
    peak_mb: Amount | None = None
    start_up_s: Seconds = 0.0
    right: bool | None = None
    version: Name = ""
    error: Text = ""


class _TrainTask(_Part):
    network: Name
    method: Name | None = None
    timeout_s: Seconds | None = None


class _TrainMetrics(_Part):
    verdict: Literal["proved", "refuted", "unknown"] | None
    attempts: Count
    examples: Count
    parameters: Count
    train_s: Seconds
    ended: Name | None = None
    steps: Count | None = None


class _LanguagesTask(_Part):
    task: Name
    timeout_s: Seconds


class _TestedAnswer(_Part):
    posterior: Share
    right: bool
    held: bool
    withheld: bool
    known: bool
    votes: Amount
    total: Amount
    orders: list[list[int | bool]]
    features: list[Number]


class _LanguagesMetrics(_Part):
    family: Name
    rows: Count
    explained: Share
    answers: list[_TestedAnswer]


class _ImagesTask(_Part):
    task: Name
    operators: Literal["given", "unknown"]
    oracle: Name
    labels: Count | Literal["all"]
    rows: Count
    source: Name | None
    tested: Count | None
    timeout_s: Seconds | None = None


class _ImagesMetrics(_Part):
    accuracy: Share
    subsets: dict[Name, Share]
    symbols: dict[Name, Share]
    learned: dict[Name, Text] = {}
    parameters: Count | None = None
    train_s: Seconds
    test_s: Seconds | None = None
    peer: Name | None = None
    complete: bool | None = None
    settings: list[Text] = []


class _LabelsTask(_Part):
    task: Name
    twin: bool
    rows: Count
    timeout_s: Seconds


class _Exchange(_Part):
    moved: dict[Name, Name]


class _LabelsMetrics(_Part):
    verdict: Literal["fixed", "exchangeable", "relabelled", "contradicted", "unknown"]
    exchanges: list[_Exchange]
    planted: list[Name]
    rows: Count
    decided_s: Seconds
    right: bool


class _ProveTask(_Part):
    network: Name
    size: Count | None = None
    timeout_s: Seconds | None = None


class _ProveMetrics(_Part):
    verdict: Literal["proved", "refuted", "unknown"]


class _SynthesisTask(_Part):
    task: Name
    timeout_s: Seconds


class _Lesson(_Part):
    function: Name
    examples: Count
    program: Text
    expanded: Text
    bits: Amount
    tried: Count
    right: Count
    tested: Annotated[int, Field(ge=1, le=10**9)]
    search_s: Seconds
    proof_s: Seconds
    proof: Text


class _Speed(_Part):
    tried: Count
    distinct: Count
    cpu_s: Annotated[float, Field(gt=0, le=1e10, allow_inf_nan=False)]


class _SynthesisMetrics(_Part):
    base: list[_Lesson]
    further: list[_Lesson]
    speed: _Speed


class _FunctionsTask(_Part):
    task: Name
    part: Name
    function: Name
    shown: Count
    limit_cpu_s: Seconds


class _FunctionsMetrics(_Part):
    found: bool
    right: Count
    unseen: Count
    program: Text
    bits: Count
    tried: Count
    cpu_s: Seconds
    reason: Text


class _SoundnessTask(_Part):
    task: Name
    verifier: Text
    timeout_s: Seconds | None


class _SoundnessKind(_Part):
    kind: Name
    instances: Count
    planted: bool
    proved: Count
    refuted: Count
    unfounded: Count
    others: dict[Name, Count]
    names: list[Name]


class _SoundnessMetrics(_Part):
    kinds: list[_SoundnessKind]


class _AnswersTask(_Part):
    task: Name
    training: Name
    looks: Count
    radius: Share
    expressions: Count
    symbols: Count
    timeout_s: Seconds | None


class _AnswersMetrics(_Part):
    cpu_s: Seconds
    symbol_s: Seconds
    expressions: Count
    symbols: Count
    right: Count
    proved: Count
    proved_right: Count
    refuted: Count
    unknown: Count
    alone: Count
    ungrammared: Count


class _SpecificationsTask(_Part):
    task: Name
    part: Literal["recall", "class", "pairs", "radius", "minimal"]
    network: Name
    delta: Share
    label: Count | None
    way: Name | None
    timeout_s: Seconds


class _SpecificationsMetrics(_Part):
    cpu_s: Seconds
    verdict: Literal["proved", "refuted", "unknown", "empty"] | None = None
    recall: Share | None = None
    wrong: Share | None = None
    accuracy: Share | None = None
    coverage: Share | None = None
    neurons: Count | None = None
    mined: Count | None = None
    proved: Count | None = None
    refuted: Count | bool | None = None
    unknown: Count | None = None
    ball: Amount | None = None
    radius: Amount | None = None
    whole: bool | None = None
    calls: Count | None = None


class _CertificatesMetrics(_Part):
    verdict: Literal["proved", "refuted", "unknown"]
    domains: Count
    solve_s: Seconds
    certify_s: Seconds
    check_s: Seconds | None
    leaves: Count | None
    bytes: Count | None
    accepted: bool
    reason: Text | None


class _NonlinearTask(_Part):
    task: Name
    network: Name
    way: Name
    images: Count
    work_s: Seconds


class _NonlinearMetrics(_Part):
    accuracy: Share
    sha256: Name
    radius: Amount
    verdicts: list[Literal["proved", "refuted", "unknown"]]
    proved: Count
    refuted: Count
    unknown: Count
    domains: Count
    cpu_s: Seconds


class _SqlTask(_Part):
    task: Name
    list: Literal["refuted", "open"]
    keys: Literal["file", "schema"]
    edit: Name
    pairs: Count
    timeout_s: Seconds


class _SqlMetrics(_Part):
    cpu_s: Seconds
    counts: dict[Literal["proved", "refuted", "equal up to", "unknown"], Count]


class _QuestionsTask(_Part):
    task: Name
    data: Name
    keys: Literal["file", "schema"]


class _QuestionsMetrics(_Part):
    cpu_s: Seconds
    counts: dict[Name, Count]
    reasons: dict[Name, Count]


class _WordProblemTask(_Part):
    task: Name
    fold: int
    encoder: Name
    timeout_s: Seconds


class _WordProblemMetrics(_Part):
    learned: Count
    apart: Count
    refused: dict[str, Count]
    tests: Count
    accuracy: Share
    strict: Share
    equations: Share
    greedy: Share | None = None
    confidence: Share
    answered: Count
    parameters: Count
    steps: Count
    ended: Name
    train_s: Seconds
    test_s: Seconds


class _AskingTask(_Part):
    task: Name
    encoder: Name
    timeout_s: Seconds


class _AskingMetrics(_Part):
    learned: Count
    apart: Count
    refused: dict[str, Count]
    keys: dict[Name, dict[str, Count]]
    constants: list[str]
    parameters: Count
    steps: Count
    ended: Name
    train_s: Seconds
    test_s: Seconds


class _MathematicsTask(_Part):
    task: Name
    part: Literal["mathq", "math500-dev", "math500-test"]
    row: Name
    questions: Count
    timeout_s: Seconds


class _MathematicsMetrics(_Part):
    counts: dict[Literal["right", "wrong", "refused", "unanswered"], Count]


KINDS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "answers": _Record[_AnswersTask, _AnswersMetrics],
        "asking": _Record[_AskingTask, _AskingMetrics],
        "certificates": _Record[_VerifyTask, _CertificatesMetrics],
        "execute": _Record[_ExecuteTask, _ExecuteMetrics],
        "functions": _Record[_FunctionsTask, _FunctionsMetrics],
        "images": _Record[_ImagesTask, _ImagesMetrics],
        "labels": _Record[_LabelsTask, _LabelsMetrics],
        "languages": _Record[_LanguagesTask, _LanguagesMetrics],
        "mathematics": _Record[_MathematicsTask, _MathematicsMetrics],
        "nonlinear": _Record[_NonlinearTask, _NonlinearMetrics],
        "prove": _Record[_ProveTask, _ProveMetrics],
        "questions": _Record[_QuestionsTask, _QuestionsMetrics],
        "reduce": _Record[_Part, _ReduceMetrics],
        "solve": _Record[_SolveTask, _SolveMetrics],
        "soundness": _Record[_SoundnessTask, _SoundnessMetrics],
        "specifications": _Record[_SpecificationsTask, _SpecificationsMetrics],
        "sql": _Record[_SqlTask, _SqlMetrics],
        "synthesis": _Record[_SynthesisTask, _SynthesisMetrics],
        "train": _Record[_TrainTask, _TrainMetrics],
        "verify": _Record[_VerifyTask, _VerifyMetrics],
        "word-problem": _Record[_WordProblemTask, _WordProblemMetrics],
    }
)


def check(
    values: Mapping[str, Any], path: Path | str | None = None, line: int | None = None
) -> None:
    """Whether the fields of one line, which are all there, are those of a record of its kind.

    Args:
        values: such as `check_plain` has found nothing in.

    Raises:
        InputError: names each field that is wrong by its place in the line, as in
            `metrics.sizes["8"].n`.
    """
    kind = values["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise InputError(f"{_short(kind)} at kind", tuple(KINDS), path, line)
    try:
        KINDS[kind].model_validate(values)
    except ValidationError as error:
        told = [_told(each) for each in error.errors(include_url=False)]
        more = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
        raise InputError("; ".join(told[:SHOWN]) + more, (), path, line) from None


def check_plain(values: object) -> str | None:
    """Values that no field may have, whatever its name: a number that is not finite or has too many
    digits, text that cannot be written, something nested too deeply. None: nothing of it is
    there."""
    for place, value in _leaves(values):
        if isinstance(value, float) and not math.isfinite(value):
            return f"the number {value} at {place}"
        if isinstance(value, int) and abs(value) >= 2**64:
            return f"a number of more than 64 bits at {place}"
        if isinstance(value, str) and not _writable(value):
            return f"half a character (a lone surrogate) at {place}"
        if isinstance(value, dict | list):
            return f"more than {DEEPEST} values inside each other at {place[:SHOWN_PLACE]}"
    return None


def _leaves(values: object) -> Iterator[tuple[str, object]]:
    """All values and keys with their places; values that are nested too deeply are not split."""
    waiting: list[tuple[tuple[str | int, ...], object]] = [((), values)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, Mapping) and len(place) < DEEPEST:
            yield from ((spelt(place), key) for key in value if not _writable(str(key)))
            waiting += [((*place, str(key)), each) for key, each in value.items()]
        elif isinstance(value, list) and len(place) < DEEPEST:
            waiting += [((*place, n), each) for n, each in enumerate(value)]
        else:
            yield spelt(place), value


def _writable(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


def spelt(place: tuple[str | int, ...]) -> str:
    """A place in a JSON value as text.

    >>> spelt(("metrics", "sizes", "8 bits", "n")), spelt(("metrics", "trained_on", 0))
    ('metrics.sizes["8 bits"].n', 'metrics.trained_on[0]')
    """
    text = ""
    for key in place:
        if isinstance(key, int):
            text += f"[{key}]"
        elif re.fullmatch(r"[A-Za-z_]\w*", key, re.ASCII):
            text += f".{key}" if text else key
        else:
            text += f"[{json.dumps(key)}]"
    return text


def _told(error: ErrorDetails) -> str:
    place = spelt(error["loc"])
    if error["type"] == "missing":
        return f"no field {place}"
    words = error["msg"].removeprefix("Input should be ")
    expected = words[:1].lower() + words[1:]
    return f"{_short(error['input'])} at {place}, expected {expected}"


def _short(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."
