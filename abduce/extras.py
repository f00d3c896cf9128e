"""Which extra of the package brings which module.

Modules import optional packages directly. Where that fails, the error surfaces at the door of the
command (`abduce.cli.app`), and is told there by the name of the extra.
"""

from collections.abc import Mapping
from types import MappingProxyType

from abduce.errors import MissingExtraError

EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "PIL": "neural",
        "distributed": "cluster",
        "google": "verify",
        "jaxtyping": "neural",
        "mpmath": "mathematics",
        "numba": "fast",
        "onnx": "verify",
        "onnxruntime": "verify",
        "ray": "cluster",
        "safetensors": "neural",
        "scipy": "neural",
        "sqlglot": "sql",
        "sympy": "mathematics",
        "tokenizers": "neural",
        "torch": "neural",
        "transformers": "neural",
        "z3": "neural",
    }
)
"""The extra that installs each module; if several do, the one whose commands most likely need
it."""


def missing_extra(error: ModuleNotFoundError, what: str) -> MissingExtraError | None:
    """The error that says what to install; None: no extra brings the module.

    Args:
        what: needs the module.

    >>> print(missing_extra(ModuleNotFoundError(name="torch.nn"), "abduce train"))
    abduce train needs torch, which is not installed: pip install 'abduce[neural]'
    """
    module = (error.name or "").partition(".")[0]
    extra = EXTRAS.get(module)
    return None if extra is None else MissingExtraError(what, module, extra)
