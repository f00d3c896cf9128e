"""The protocol of kernels, and training until there is a proof.

    fit(examples)  ->  discretise()  ->  prove(specification) -> Verdict

A kernel is a torch module. What `discretise` makes of it is exact: a table, an automaton, whatever
the proof is about and the machines run. The proof decides whether it is kept; a kernel that fails
is trained again from another seed, and the count is reported.
"""

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np

from abduce import clock
from abduce.neural.kernels.config import CONFIG, Config, check
from abduce.symbolic.programs.compiling import Exact
from abduce.verify.discrete.bounded import BoundedSpecification
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Unknown, Verdict

Progress = Callable[[str], None]


@runtime_checkable
class Kernel(Protocol):
    """A torch module with the three verbs."""

    def fit(
        self, examples: Any, *, deadline: float | None = None, progress: Progress | None = None
    ) -> None:
        """Learn from examples; ends early when they are fitted, or at the deadline."""
        ...

    def discretise(self) -> Exact:
        """The exact object nearest to what was learned."""
        ...

    def prove(self, specification: Any, *, deadline: float | None = None) -> Verdict:
        """The verdict on what `discretise` makes of it."""
        ...

    def state_dict(self) -> Mapping[str, Any]: ...
    def load_state_dict(self, state_dict: Mapping[str, Any]) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelTask:
    """A kernel to learn.

    Attributes:
        name: the name that it is kept under.
        about: what the kernel computes, in a few words.
        learned_from: what its examples are, and what is never shown, in a sentence.
        specification: what it is proved against.
        bounded: what it is proved against for numbers of a single size, if there is such a proof.
        limit: the proof, for words of a single size, about the infinitely wide network that the
            kernel approximates; it reads no weights.
        part: the name of the part of the configuration that it is trained by.
        exact: what it is made into, from the arrays that were kept of it.
        examples: makes examples from its part of the configuration and a random generator; only
            those that may be seen.
        module: a new soft kernel from its part of the configuration and a seed, from which weights
            and the order of examples come; imports torch.
    """

    name: str
    about: str
    learned_from: str
    part: str
    specification: Any
    exact: Callable[[Mapping[str, np.ndarray]], Exact]
    examples: Callable[[Any, np.random.Generator], Sized]
    module: Callable[[Any, int], Kernel]
    bounded: BoundedSpecification | None = None
    limit: Callable[..., Verdict] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LearnedKernel:
    """The result of training a kernel. Called, it is its exact part.

    Attributes:
        verdict: the verdict on the exact part; that of the last attempt if none was proved.
        seed: what was asked for; the examples come from it.
        attempts: trainings until the proof, from as many seeds; 1 where the first succeeded.
        examples: how many were seen.
        parameters: the number of parameters of the soft kernel; counted from the weights.
        cpu_s: seconds of the process, all attempts together.
        config: the part of the configuration that it was trained by.
        weights: the weights of the soft kernel, by name.
    """

    name: str
    exact: Any
    verdict: Verdict
    seed: int
    attempts: int
    examples: int
    parameters: int
    cpu_s: float
    config: Any
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __call__(self, *arguments: Any) -> Any:
        return self.exact(*arguments)

    @property
    def proved(self) -> bool:
        return isinstance(self.verdict, Proved)


def train(
    task: KernelTask,
    config: Config = CONFIG,
    *,
    seed: int = 0,
    deadline: float | None = None,
    progress: Progress | None = None,
) -> LearnedKernel:
    """Fit, discretise and prove, from one seed after the other, until there is a proof.

    The examples are the same in every attempt: a failed proof leads to other weights, and never to
    more data.

    Args:
        config: its part, and the upper limit on attempts.
        deadline: the time of `clock.wall_s()` at which to stop; an attempt that it interrupts is
            proved as it is.

    Raises:
        InputError: no examples can be drawn by this configuration.
    """
    check(config)
    part, attempts = getattr(config, task.part), config.attempts
    examples = task.examples(part, np.random.default_rng(seed))
    seeds = np.random.SeedSequence(seed).generate_state(attempts)
    started: float | None = None
    for attempt, own in enumerate(seeds.tolist(), start=1):
        kernel = task.module(part, own)
        started = clock.cpu_s() if started is None else started  # torch is imported by now
        if progress is not None:
            progress(f"{task.name}: attempt {attempt}")
        kernel.fit(examples, deadline=deadline, progress=progress)
        exact = kernel.discretise()
        verdict = prove(exact, task.specification, deadline=deadline)
        late = clock.passed(deadline)
        if isinstance(verdict, Proved) or late or attempt == attempts:
            weights = {name: value.numpy() for name, value in kernel.state_dict().items()}
            return LearnedKernel(
                name=task.name,
                exact=exact,
                verdict=verdict,
                seed=seed,
                attempts=attempt,
                examples=len(examples),
                parameters=sum(value.size for value in weights.values()),
                cpu_s=round(clock.cpu_s() - started, 4),
                config=part,
                weights=weights,
            )
    raise ValueError("no attempts")


def one_thread() -> None:
    """Uses one thread, for a process that only trains kernels. Their tensors are so small that a
    second thread would only wait."""
    import torch

    torch.set_num_threads(1)


def soft_part(task: KernelTask, learned: LearnedKernel) -> Kernel:
    """The torch module of a learned kernel, with its weights."""
    import torch

    kernel = task.module(learned.config, 0)  # whatever it begins with is written over
    weights = {name: torch.from_numpy(np.array(value)) for name, value in learned.weights.items()}
    kernel.load_state_dict(weights)
    return kernel


def told(learned: LearnedKernel) -> str:
    """The kernel as one line of text."""
    trained = f"{learned.attempts} attempt{'s' if learned.attempts > 1 else ''}"
    cost = f"{learned.examples:,} examples, {learned.parameters:,} parameters, {trained}"
    return f"{learned.name}: {said(learned.verdict)}; {cost}, {learned.cpu_s:.1f} CPU s"


def said(verdict: Verdict) -> str:
    """A verdict as text."""
    match verdict:
        case Proved(_, certificate) if certificate is not None:
            cases = f"{certificate.cases:,} case{'s' if certificate.cases > 1 else ''}"
            return f"proved: {certificate.claim} ({certificate.method}, {cases})"
        case Unknown(reason):
            return f"unknown: {reason}"
        case refuted:
            return f"not proved: {refuted}"
