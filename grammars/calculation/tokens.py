r"""Tokens of mathematics as people write it: LaTeX and plain text, told apart letter by letter.

A run of letters is a known word (`sin`, `theta`, `sqrt`, `inf`), or a product of single letters. A
letter with a digit or a subscript is one name. `d` and one letter is a differential.
"""

import re
from dataclasses import dataclass
from typing import Final

FUNCTIONS: Final = [
    "arcsinh",
    "arccosh",
    "arctanh",
    "arcsin",
    "arccos",
    "arctan",
    "arccot",
    "arcsec",
    "arccsc",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "coth",
    "sech",
    "csch",
    "sin",
    "cos",
    "tan",
    "cot",
    "sec",
    "csc",
    "ln",
    "log",
    "lg",
    "exp",
    "det",
    "tr",
    "erf",
    "sgn",
    "sign",
    "gcd",
    "lcm",
    "arg",
    "Re",
    "Im",
]
"""The names of functions of one or more arguments."""
GREEK: Final = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "vartheta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Sigma",
    "Phi",
    "Psi",
    "Omega",
]
WORDS: Final = {
    "pi": "pi",
    "infinity": "infinity",
    "infty": "infinity",
    "inf": "infinity",
    "oo": "infinity",
    "sqrt": "sqrt",
    "cbrt": "cbrt",
    "abs": "abs",
    "floor": "floor",
    "ceil": "ceiling",
    "binom": "binomial",
    "mod": "mod",
    "lim": "lim",
    "limit": "lim",
    "sum": "sum",
    "int": "int",
    "prod": "prod",
}
"""Words of plain text with the names that they stand for."""
_KNOWN: Final = sorted([*FUNCTIONS, *GREEK, *WORDS], key=lambda word: (-len(word), word))
SIGNS: Final = {
    "−": "-", "–": "-", "·": "*", "×": "cross", "⋅": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=",
    "→": "->", "∞": "infinity", "π": "pi", "θ": "theta", "λ": "lambda", "α": "alpha", "β": "beta",
    "√": "sqrt", "′": "'", "’": "'", "″": "''", "°": "degree", "∫": "int", "∑": "sum",
    "∂": "partial", "≡": "equiv", "∈": "in", "◦": "compose", "∘": "compose", "²": "^2",
    "³": "^3", "∪": "cup",
}  # fmt: skip
"""Signs outside ASCII with what they stand for."""
COMMANDS: Final = {
    "cdot": "*", "times": "cross", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=",
    "ge": ">=", "geq": ">=", "geqslant": ">=", "ne": "!=", "neq": "!=", "to": "->", "lt": "<",
    "rightarrow": "->", "gt": ">", "circ": "degree", "infty": "infinity", "equiv": "equiv",
    "pm": "pm", "mp": "mp", "in": "in", "ldots": "dots", "dots": "dots", "cdots": "dots",
    "dotsb": "dots", "dotsm": "dots", "dotsc": "dots", "vdots": "dots", "partial": "partial",
    "%": "%", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "|": "||", "lVert": "||",
    "rVert": "||", "Vert": "||", "{": "{{", "}": "}}", "lbrace": "{{", "rbrace": "}}", "cup": "cup",
    "langle": "<<", "rangle": ">>", "iint": "int", "lfloor": "lfloor", "rfloor": "rfloor",
    "lceil": "lceil", "rceil": "rceil", "pmod": "pmod", "bmod": "mod", "mod": "mod",
    "prime": "'", "degree": "degree", "\\": "newline", "nabla": "nabla", "land": "and",
    "cap": "cap", "colon": ":",
}  # fmt: skip
"""Commands of LaTeX that are signs."""
CUSTOM: Final = frozenset({
    "star", "ast", "diamond", "otimes", "oplus", "odot", "ominus", "bullet", "clubsuit",
    "spadesuit", "heartsuit", "bigstar", "diamondsuit", "Diamond", "dagger", "boxtimes",
    "triangle", "bigtriangleup", "wedge", "vee", "#", "&", "@",
})  # fmt: skip
"""Signs for operations that a text may define, such as `a \\star b = ...`."""
SILENT: Final = frozenset(
    [
        "left",
        "right",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "biggl",
        "biggr",
        "Biggl",
        "Biggr",
        "displaystyle",
        "limits",
        "textstyle",
        "quad",
        "qquad",
        ",",
        ";",
        "!",
        ":",
        ">",
        "nolimits",
        "tfrac",
    ]
) - {"tfrac"}
"""Commands of LaTeX that only change how a formula looks."""
DRESS: Final = frozenset(
    [
        "mathbf",
        "mathrm",
        "bold",
        "mathbb",
        "mathcal",
        "mathit",
        "boldsymbol",
        "textbf",
        "vec",
        "hat",
        "mathop",
        "operatorname",
        "bf",
        "overrightarrow",
    ]
)
"""Commands of LaTeX that dress their argument."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token with its kind and where it begins and ends, counted from 0.

    Attributes:
        kind: 'number', 'name', 'function', 'command', 'differential', 'sign' or 'words'.
    """

    kind: str
    value: str
    start: int
    end: int


_NUMBER: Final = re.compile(r"\d+\.\d+|\.\d+|\d+\.(?=\\overline)|\d+")
_DIFFERENTIAL: Final = re.compile(r"d([A-Za-z])(?![A-Za-z])")
_SPACE: Final = re.compile(r"(?:\s|~|&|\\ |\\?\$)+")
_TEXT: Final = re.compile(r"\\(?:text|textrm|mbox|textit)\s*\{([^{}]*)\}")
_MULTI: Final = re.compile(r"\*\*|<=>|<=|>=|!=|==|=>|->|\|\||\.\.\.+|\.\s\.\s\.(?:\s\.)?|''+")
_GROUPED: Final = re.compile(r"(?<![\d,(\[{<])\d{1,3}(?:(?:,\\!|\{,\}|,)\d{3})+(?![\d])")


def tokens(text: str) -> tuple[list[Token], int | None]:
    r"""The tokens of a text, and the place of the first character that is none; None for no such.

    >>> [token.value for token in tokens(r"2\sin x + xy_1")[0]]
    ['2', 'sin', 'x', '+', 'x', 'y', '_', '1']
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        if text[at] == "\\":
            at, wrong = _command(text, at, found)
            if wrong:
                return found, at
            continue
        if (
            text[at] == "d"
            and (match := re.compile(r"d([A-Za-z])(?![A-Za-z])").match(text, at))
            and (at == 0 or not text[at - 1].isalpha())
        ):
            found.append(Token("differential", match[1], at, match.end()))
            at = match.end()
            continue
        if text[at].isascii() and text[at].isalpha():
            at = _letters(text, at, found)
            continue
        if grouped := _GROUPED.match(text, at):
            value = re.sub(r"[^\d]", "", grouped[0])
            found.append(Token("number", value, at, grouped.end()))
            at = grouped.end()
            continue
        if number := _NUMBER.match(text, at):
            found.append(Token("number", number[0], at, number.end()))
            at = number.end()
            continue
        if multi := _MULTI.match(text, at):
            value = {"**": "^", "==": "=", "=>": ">="}.get(multi[0], multi[0])
            value = "dots" if value[0] == "." else value
            found.append(Token("sign", value, at, multi.end()))
            at = multi.end()
            continue
        char = text[at]
        if char in "#@★⋆":
            found.append(Token("custom", f"operation_{char}", at, at + 1))
            at += 1
            continue
        if char in SIGNS:
            value = SIGNS[char]
            if value[0] == "^":
                found += [Token("sign", "^", at, at + 1), Token("number", value[1], at, at + 1)]
            elif value in GREEK or value in ("pi", "infinity"):
                found.append(Token("name", value, at, at + 1))
            else:
                found.append(Token("sign", value, at, at + 1))
            at += 1
            continue
        if char in "+-*/^_()[]{}|=<>,;:!'.%?&":
            found.append(Token("sign", char, at, at + 1))
            at += 1
            continue
        return found, at
    return found, None


def _command(text: str, at: int, found: list[Token]) -> tuple[int, bool]:
    if match := _TEXT.match(text, at):
        words = match[1].strip()
        if words in ("mod", "mod "):
            found.append(Token("sign", "mod", at, match.end()))
        elif re.fullmatch(r"[A-Za-z]", words):
            found.append(Token("name", words, at, match.end()))
        elif words:
            found.append(Token("words", words, at, match.end()))
        return match.end(), False
    match = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL).match(text, at)
    if match is None:
        return at, True
    name, end = match[1], match.end()
    if name in SILENT:
        if name in ("left", "right") and text[end : end + 1] == ".":
            end += 1  # an invisible bracket
        return end, False
    if name in DRESS:
        return end, False
    if name in CUSTOM:
        found.append(Token("custom", f"operation_{'and' if name == '&' else name}", at, end))
        return end, False
    if name in COMMANDS:
        value = COMMANDS[name]
        kind = "name" if value == "infinity" else "sign"
        found.append(Token(kind, value, at, end))
    elif name in FUNCTIONS:
        found.append(Token("function", name, at, end))
    elif name in GREEK or name == "pi" or name == "ell":
        found.append(Token("name", name.removeprefix("var"), at, end))
    else:
        found.append(Token("command", name, at, end))
    return end, False


def _letters(text: str, at: int, found: list[Token]) -> int:
    run = re.compile(r"[A-Za-z]+").match(text, at)
    assert run is not None
    word = run[0]
    if word in ("and", "or"):
        found.append(Token("sign", "and" if word == "and" else "or", at, run.end()))
        return run.end()
    for known in _KNOWN:
        if word.startswith(known):
            end = at + len(known)
            if known in FUNCTIONS:
                found.append(Token("function", known, at, end))
            elif known in GREEK:
                found.append(Token("name", known, at, end))
            else:
                value = WORDS[known]
                kind = "name" if value in ("pi", "infinity") else "command"
                found.append(Token("sign" if value == "mod" else kind, value, at, end))
            return end
    digits = re.compile(r"[A-Za-z](\d+)(?![\d.])").match(text, at)
    if (
        digits
        and len(word) == 1
        and word not in "ei"
        and (at == 0 or text[at - 1] not in "0123456789")
    ):
        found.append(Token("name", f"{word}_{digits[1]}", at, digits.end()))
        return digits.end()
    found.append(Token("name", word[0], at, at + 1))
    return at + 1
