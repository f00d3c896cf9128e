"""A trained decoder as two files: NAME.safetensors and NAME.json, which need no other file.

They hold the whole encoder too: its frozen part, its trained part, its tokenizer and its settings.
What is kept is not proved.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import torch

from abduce.errors import InputError
from abduce.neural.program_decoder.config import DecoderConfig
from abduce.neural.program_decoder.encoder import Encoder
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.question import Vocabulary
from abduce.neural.program_decoder.splitting import crown, stem
from abduce.neural.store import files as store
from abduce.neural.store.files import COMMON, Fields, Wanted, is_text, is_whole, paths
from abduce.neural.training.experiment import ModuleConfig, Schedule
from abduce.neural.training.loop import Trained

STEM, TOKENIZER = "stem.", "tokenizer"


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_pairs(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(p, list) and len(p) == 2 for p in value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


FIELDS: Final[Fields] = MappingProxyType(
    {
        **COMMON,
        "decoder": ("the name of a task", is_text),
        "proved": ("false", lambda value: value is False),
        "ended": ("how the training ended", is_text),
        "steps": ("a whole number", is_whole(0)),
        "losses": ("pairs of a step and a loss", _are_pairs),
        "scores": ("pairs of a step and a score", _are_pairs),
        "actions": ("names of rules", _are_names),
        "marks": ("names of marks", _are_names),
        "encoder": ("a name", is_text),
        "encoder_sha256": ("a checksum", is_text),
        "encoder_settings": ("an object", _is_object),
        "card": ("an object that says what it learned from", _is_object),
    }
)
"""The fields of the JSON: a description of each, and a test of its value."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kept:
    """A decoder that was read from files.

    Attributes:
        encoder: the encoder whose lowest layers are as they were trained with.
        stem: the frozen part of the encoder.
        card: what it learned from, and how good it was on what it did not learn from.
        sha256: the checksum of the weights.
    """

    model: ProgramDecoder
    encoder: Encoder
    stem: torch.nn.Module
    vocabulary: Vocabulary
    card: Mapping[str, Any]
    sha256: str


def save(
    trained: Trained,
    encoder: Encoder,
    vocabulary: Vocabulary,
    folder: Path,
    card: Mapping[str, Any],
) -> tuple[Path, Path]:
    """Write the two files; the paths of the weights and of the JSON.

    Args:
        card: what it learned from, as plain data.

    Raises:
        OutputError: they cannot be written.
    """
    config = trained.experiment.config
    frozen = stem(encoder, config.network.frozen)
    weights = {name: value.cpu().numpy() for name, value in trained.module.state_dict().items()}
    weights |= {STEM + name: value.cpu().numpy() for name, value in frozen.state_dict().items()}
    text = encoder.tokenizer.to_str().encode()
    weights[TOKENIZER] = np.frombuffer(text, np.uint8)
    told = {
        "decoder": trained.experiment.name,
        "proved": False,
        "config": store.as_told(config),
        **trained.told,
        "losses": trained.losses,
        "scores": trained.scores,
        "actions": vocabulary.actions,
        "marks": vocabulary.marks,
        "encoder": Path(encoder.name).name,
        "encoder_sha256": encoder.sha256,
        "encoder_settings": _plain(encoder.settings),
        "card": dict(card),
    }
    return store.write(folder, trained.experiment.name, weights, told)


def load(name: str, folder: Path, command: str, device: str = "cpu") -> Kept:
    """A decoder from a folder.

    Args:
        command: what to type to train it, for errors.

    Raises:
        InputError: it was never kept there, or the files are not those of a decoder.
        ChecksumError: the weights are not those that the JSON speaks of.
    """
    tensors, described = paths(folder, name)
    wanted = Wanted(
        what=f"the decoder {name!r}, as `{command}` keeps it",
        advice=f"Train it: {command}",
        again=f"Train it again: {command}",
    )
    told = store.read_told(described, FIELDS, wanted, lambda _: None)
    if told["decoder"] != name:
        found = f"the decoder {store.short(told['decoder'])}"
        raise InputError(found, (repr(name),), described, advice=wanted.advice)
    default = ModuleConfig(schedule=Schedule(steps=1, batch=1), network=DecoderConfig())
    config = store.restored(default, told["config"], described, wanted)
    arrays = dict(store.read_arrays(tensors, told["sha256"], wanted))
    numbers = sum(value.size for value in arrays.values())
    sizes = (*astuple(config.network), *told["encoder_settings"].values())
    if any(type(size) is int and size > numbers for size in sizes):
        found = f"{numbers:,} weights, fewer than its settings need"
        raise InputError(found, ("the weights of this decoder",), tensors, advice=wanted.again)
    vocabulary = Vocabulary(actions=tuple(told["actions"]), marks=tuple(told["marks"]))
    try:
        encoder = _encoder(told, arrays.pop(TOKENIZER))
        frozen = stem(encoder, config.network.frozen)
        parts = {name: torch.from_numpy(value.copy()) for name, value in arrays.items()}
        own = {n: value for n, value in parts.items() if not n.startswith(STEM)}
        low = {n.removeprefix(STEM): v for n, v in parts.items() if n.startswith(STEM)}
        frozen.load_state_dict(low)
        top = crown(encoder, config.network.frozen, config.network.encoder_layers)
        model = ProgramDecoder(config.network, vocabulary, top, encoder.width, told["seed"])
        model.load_state_dict(own)
    except (RuntimeError, KeyError, ValueError, TypeError, AttributeError) as error:
        reason = (str(error).splitlines() or ["no weights"])[0]
        expected = ("the weights of this decoder",)
        raise InputError(reason, expected, tensors, advice=wanted.again) from error
    return Kept(
        model=model.to(device).eval(),
        encoder=encoder,
        stem=frozen.to(device),
        vocabulary=vocabulary,
        card=told["card"],
        sha256=told["sha256"],
    )


def _encoder(told: Mapping[str, Any], tokenizer: np.ndarray) -> Encoder:
    """The encoder as its settings describe it, with weights that are still to be read."""
    from tokenizers import Tokenizer
    from transformers import AutoConfig, AutoModel

    settings = dict(told["encoder_settings"])
    with torch.random.fork_rng(devices=[]):
        model = AutoModel.from_config(AutoConfig.for_model(settings.pop("model_type"), **settings))
    if hasattr(model, "pooler"):
        model.pooler = None
    return Encoder(
        name=told["encoder"],
        tokenizer=Tokenizer.from_str(tokenizer.tobytes().decode()),
        settings=dict(told["encoder_settings"]),
        model=model.eval(),
        sha256=told["encoder_sha256"],
    )


def _plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON has words for."""
    return {
        name: value
        for name, value in settings.items()
        if value is None or isinstance(value, str | int | float | bool | list)
    }
