"""sympy without types: its own annotations are partial, and wrong for many of its classes."""

from typing import Any, Final

import sympy

sp: Final[Any] = sympy
"""The module sympy."""
