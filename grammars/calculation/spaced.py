"""Entries that spaces separate, as in MATLAB: `[2 -1; 1 2]` and `[1 2 3]` get their commas.

Spaces separate entries within square brackets that have a semicolon and no comma, and in a row of
numbers alone. A sign begins an entry where a space stands before it and none behind it.

Source: The MathWorks, MATLAB documentation (creating, concatenating and expanding arrays).
"""

from typing import Final

from abduce.grammars.calculation.tokens import Token

_OPEN: Final = ("(", "[", "{", "{{")
_CLOSE: Final = (")", "]", "}", "}}")
_ENDS: Final = (*_CLOSE, "'", "''", "!", "%", "degree")


def spaced(tokens: list[Token], text: str) -> list[Token]:
    """The tokens with commas between entries that spaces separate.

    >>> from abduce.grammars.calculation.tokens import tokens
    >>> "".join(token.value for token in spaced(tokens("[2 -x; 1 2]")[0], "[2 -x; 1 2]"))
    '[2,-x;1,2]'
    """
    after: set[int] = set()
    opened: list[int] = []
    for k, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.value in _OPEN:
            opened.append(k)
        elif token.value in _CLOSE and opened:
            start = opened.pop()
            if tokens[start].value == "[" and token.value == "]":
                after |= _gaps(tokens, text, start, k)
    found: list[Token] = []
    for k, token in enumerate(tokens):
        found.append(token)
        if k in after:
            found.append(Token("sign", ",", token.end, token.end))
    return found


def _gaps(tokens: list[Token], text: str, start: int, end: int) -> set[int]:
    """The places of the tokens after which an entry ends."""
    depth, signs, gaps, between_numbers = 0, set[str](), set[int](), False
    for k in range(start + 1, end):
        token, after = tokens[k], tokens[k + 1]
        if token.kind == "sign":
            depth += (token.value in _OPEN) - (token.value in _CLOSE)
            if depth == 0:
                signs.add(token.value)
        if depth or k + 1 == end or not text[token.end : after.start].isspace():
            continue
        if not (token.kind in ("number", "name") or token.value in _ENDS):
            continue
        signed = after.value in ("+", "-") and k + 2 < end and tokens[k + 2].start == after.end
        if after.kind in ("number", "name", "function", "command") or after.value in ("(", "["):
            gaps.add(k)
            between_numbers |= token.kind == after.kind == "number"
        elif after.kind == "sign" and signed:
            gaps.add(k)
    inner = tokens[start + 1 : end]
    numbers = all(t.kind == "number" or t.value in ("+", "-") for t in inner) and between_numbers
    matrix = ";" in signs and "," not in signs
    return gaps if matrix or numbers else set()
