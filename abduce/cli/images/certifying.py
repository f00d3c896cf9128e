"""What `answer --certify` and `answer --attack` print: whether changed pixels change the answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce.cli.terminal import print_json, show
from abduce.errors import Exit, InputError

if TYPE_CHECKING:
    from abduce.neural.perception.certified.attacking import Changed
    from abduce.neural.perception.certified.certifying import Certified, Certifier
    from abduce.symbolic.nsr import Lexicon

WITHHELD = "no answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What is asked of images.

    Attributes:
        radius: the radius of the ball of pixels in which the answer should stay; None for no such
            question.
        attack: whether the smallest change of one image is looked for.
        deadline: the ``clock.wall_s()`` at which to stop; None for no limit.

    Raises:
        InputError: a radius that no ball of pixels has.
    """

    radius: float | None
    attack: bool
    deadline: float | None

    def __post_init__(self) -> None:
        if self.radius is not None and not 0.0 < self.radius <= 1.0:
            raise InputError(f"--certify {self.radius:g}", ("a number above 0 and up to 1",))


def certify_images(
    learned: "Lexicon", folder: Path, beside: Path, asked: Questions, json_: bool
) -> int:
    """Answers the sentences of a folder, and what is asked of them; returns the exit code.

    Args:
        beside: the folder of the network.

    Raises:
        InputError: there is no network, or an image cannot be read; names it.
    """
    from abduce.benchmarks.solve.metrics import as_json
    from abduce.neural.perception.certified.certifying import Certifier
    from abduce.neural.perception.files import load
    from abduce.neural.perception.images import read, sentences

    certifier = Certifier(load(beside), learned)
    every = sentences(folder)
    found: list[dict[str, Any]] = []
    open_ = False
    for paths in every:
        images = read(paths)
        told, smallest, given = _asked(certifier, images, asked)
        open_ |= told is not None and _name(told) == "unknown"
        if not json_:
            for line in lines(told, smallest, given, asked):
                show(line)
            continue
        row = {"input": [path.name for path in paths], **as_json(given)}
        row |= {} if told is None else {"certified": _certified_json(told, asked)}
        row |= {"smallest_change": _change_json(smallest)} if asked.attack else {}
        found.append(row)
    if json_:
        print_json(found[0] if len(every) == 1 else found)
    return Exit.GAVE_UP if open_ else Exit.ANSWERED


def _asked(certifier: "Certifier", images: Any, asked: Questions) -> tuple[Any, Any, Any]:
    """The verdict, the smallest change that was found, and the answer."""
    from abduce.neural.perception.certified.attacking import smallest_change

    told = smallest = None
    sentence = certifier.sentence(images)
    if asked.radius is not None:
        limit = float("inf") if asked.deadline is None else asked.deadline
        told = certifier.certify(images, asked.radius, deadline=limit)
    if asked.attack and sentence.words:
        smallest = smallest_change(sentence, certifier.config, deadline=asked.deadline)
    return told, smallest, sentence.answer


def _name(told: "Certified") -> str:
    return type(told.verdict).__name__.lower()


def lines(
    told: "Certified | None", smallest: "Changed | None", given: Any, asked: Questions
) -> Iterator[str]:
    """What is printed of one sentence."""
    withheld = given.abstained or given.value is None
    yield f"withheld: {given.reason}" if withheld else _text(given)
    if told is not None:
        yield f"  {_verdict(told, asked)}"
        for number, place in enumerate(told.places, start=1):
            if place.rivals and _name(told) != "refuted":
                others = ", ".join(place.rivals)
                yield f"    image {number} ({place.word}) may be read as {others}"
    if asked.attack and not withheld:
        if smallest is None:
            yield "  no change of one image was found that changes the answer"
        else:
            (at,) = smallest.positions
            yield (
                f"  smallest change found: image {at + 1}, each pixel by at most"
                f" {smallest.radius:.4f}, gives {_text(smallest.answer)}"
            )


def _verdict(told: "Certified", asked: Questions) -> str:
    from abduce.verify.verdict import Proved, Unknown

    if isinstance(told.verdict, Proved):
        assert told.verdict.certificate is not None
        return f"proved: {told.verdict.certificate.claim}"
    if isinstance(told.verdict, Unknown):
        return f"unknown: {told.verdict.reason}"
    assert told.changed is not None
    images = ", ".join(str(at + 1) for at in told.changed.positions)
    plural = "s" if len(told.changed.positions) > 1 else ""
    return (
        f"refuted: image{plural} {images}, changed by at most {told.changed.radius:.4f} in each"
        f" pixel, give{'' if plural else 's'} {_text(told.changed.answer)}"
    )


def _text(answer: Any) -> str:
    return WITHHELD if answer.abstained or answer.value is None else " ".join(answer.value)


def _certified_json(told: "Certified", asked: Questions) -> dict[str, Any]:
    from abduce.neural.perception.certified.certifying import places_json
    from abduce.verify.verdict_json import verdict_json

    broken = None
    if told.composed is not None and told.composed.at is not None and not told.composed.stays:
        broken = {"image": told.composed.at + 1, "read_as": told.composed.instead}
    return {
        "radius": asked.radius,
        **verdict_json(told.verdict),
        "symbols": places_json(told.places),
        "broken_by": broken,
        "share": None if told.composed is None else told.composed.share,
        "changed": _change_json(told.changed),
        "cpu_s": told.cpu_s,
    }


def _change_json(changed: "Changed | None") -> dict[str, Any] | None:
    from abduce.benchmarks.solve.metrics import as_json

    if changed is None:
        return None
    return {
        "images": [at + 1 for at in changed.positions],
        "radius": changed.radius,
        "answer": as_json(changed.answer),
        "pixels": [changed.images[at].tolist() for at in changed.positions],
    }
