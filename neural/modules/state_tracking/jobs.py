"""What a state tracker is asked: the state after every letter of a word, and the last of them."""

from functools import partial

from abduce.errors import InputError
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.modules.answers import Exact, ModuleAnswer, ModuleJob, check_size, differing
from abduce.neural.modules.state_tracking.tasks import STATE_TRACKING
from abduce.symbolic.machines.jobs import Kernels, NoOptions, RunContext
from abduce.symbolic.machines.words.state_jobs import LETTERS
from abduce.symbolic.machines.words.state_tracking import running_products
from abduce.symbolic.programs.groups import WORD_TASKS, WordTask

MOST = 50_000
"""The upper limit on letters; this many need several hundred megabytes of memory."""


def _track(
    task: WordTask,
    command: str,
    names: tuple[str, ...],
    text: str,
    models: Kernels,
    _: NoOptions,
    context: RunContext,
    exact: Exact,
) -> ModuleAnswer:
    """The state after each letter is an entry.

    Args:
        command: how the machine is called.
        names: the names of the states, which are elements of the group.
    """
    import torch

    word = LETTERS[task.letters].read(task, text, context.path)
    if not len(word):
        raise InputError("no letters", ("one letter or more",), context.path)
    check_size(len(word), MOST, "letters", context, command)
    (module,) = models.values()
    device = next(module.parameters()).device
    logits = module(torch.from_numpy(word[None]).to(device))
    found = logits[0].argmax(-1).cpu().numpy()
    expected = running_products(compiled_kernels((task.name,))[task.name], word)
    told, true, letters = ([names[n] for n in part] for part in (found, expected, word))
    if context.note is not None:
        before = names[0]
        for letter, after, other in zip(letters, told, true, strict=True):
            wrong = "" if after == other else f"  wrong, {other} is right"
            context.note(f"{task.name:<9}{before} * {letter} = {after}{wrong}")
            before = after
    return ModuleAnswer(
        lines=[told[-1]],
        value={"final": told[-1], "length": len(word)},
        size=len(word),
        right=int((found == expected).sum()),
        entries=len(word),
        entry="states, one after each letter",
        remarks=(
            *differing(told, true, "the state after letter"),
            f"at the end the exact machine says {true[-1]}, "
            + ("too" if told[-1] == true[-1] else "and not that"),
        ),
    )


def _job(task: WordTask) -> ModuleJob:
    """The module numbers the elements as the group does."""
    letters, (job, method) = LETTERS[task.letters], task.machine
    command = f"{job} --method {method}" if method else job
    names = tuple(letters.text(task, place) for place in range(len(task.group.elements)))
    run = partial(_track, task, command, names)
    return ModuleJob(task=task.name, machine=task.machine, run=run)


STATE_TRACKING_JOBS = tuple(
    _job(WORD_TASKS[name]) for name in dict.fromkeys(module.task for module in STATE_TRACKING)
)
