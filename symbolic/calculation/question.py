r"""A question: its words, and its formulas read. In the words, `⟨3⟩` stands for formula 3.

Formulas are what stands between dollar signs or in `\[ \]`, and elsewhere every run of numbers,
single letters, operators and names of functions. Numbers in words (two, three) are numbers too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from abduce.grammars.calculation.lists import listed
from abduce.grammars.calculation.reader import FormulaError, read_all
from abduce.grammars.calculation.tokens import FUNCTIONS, GREEK, WORDS
from abduce.grammars.grammar import Tree

NUMBERS: Final = {
    word: str(n)
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
    if n != 1
} | {"hundred": "100", "thousand": "1000", "dozen": "12"}
_DELIMITED: Final = re.compile(
    r"(?<!\\)\$\$(?P<a>.*?)\$\$|\\\[(?P<b>.*?)\\\]|\\\((?P<c>.*?)\\\)"
    r"|\\begin\{(?P<env>align|equation|gather)(?P<star>\*?)\}(?P<d>.*?)\\end\{(?P=env)(?P=star)\}"
    r"|(?<!\\)\$(?P<e>(?:[^$\\]|\\.)*?)(?<!\\)\$",
    re.DOTALL,
)
_PICTURE: Final = re.compile(r"\[asy\].*?\[/asy\]|\\begin\{tabular\}.*?\\end\{tabular\}", re.DOTALL)
_FUNCTION_OF: Final = re.compile(
    r"(?<![A-Za-z\\])([A-Za-z])'*\s*\(\s*[a-z](?:\s*,\s*[a-z])*\s*\)\s*="
)
_BEGUN: Final = re.compile(r"(?<![A-Za-z])[A-Za-z](?:\([a-z, ]*\))?\s*=\s*$")
_KNOWN: Final = (
    frozenset(FUNCTIONS) | frozenset(GREEK) | {"pi", "inf", "infinity", "oo", "sqrt", "mod"}
)
_WORD: Final = re.compile(r"[A-Za-z]{2,}(?:['’-][A-Za-z]+)*[.,;:?!)]*$")
_JOINT: Final = frozenset({"=", "+", "-", "*", "/", "<", ">", "<=", ">=", "->", "^", "==", "**",
                           "−", "·", "×", "≤", "≥", "≡", "→", "∈", "≠", "|", "◦",
                           "mod"})  # fmt: skip
_AFTER_LETTER: Final = frozenset(
    [
        "and",
        "or",
        "is",
        "are",
        "so",
        "if",
        "such",
        "in",
        "for",
        "to",
        "when",
        "with",
        "that",
        "be",
        "by",
        "on",
        "at",
        "has",
        "equals",
        "does",
        "given",
        "as",
        "where",
        "from",
        "makes",
        "will",
    ]
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of a question: its tree, its text and its place."""

    tree: Tree
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is read.

    Attributes:
        words: the text in small letters, with `⟨k⟩` for formula k.
        picture: the text has a picture or a table, which nobody here looks at.
        faults: why runs that look like formulas could not be read; they are `⟨?⟩` in the words.
    """

    text: str
    words: str
    formulas: tuple[Formula, ...]
    picture: bool = False
    faults: tuple[FormulaError, ...] = ()

    def trees(self) -> tuple[Tree, ...]:
        """The trees of all formulas."""
        return tuple(formula.tree for formula in self.formulas)


def read_question(text: str) -> Question:
    r"""The question of a text.

    Raises:
        FormulaError: digits with commas that may be one number or a list.

    >>> read_question("Find the derivative of x^2.").words
    'find the derivative of ⟨0⟩ .'
    """
    picture = bool(_PICTURE.search(text)) or "\\includegraphics" in text
    bare = listed(_PICTURE.sub(lambda match: " " * len(match[0]), text))
    functions = (
        frozenset(_FUNCTION_OF.findall(bare)) - {"x", "y", "e", "d"}
        | ({"y"} if re.search(r"(?<![A-Za-z])y'*\(\s*[-\d]+\s*\)", bare) else frozenset())
        | ({"x"} if re.search(r"(?<![A-Za-z])x'*\(\s*(?:0|t)\s*\)\s*=", bare) else frozenset())
    )
    found: list[Formula] = []
    words: list[str] = []
    faults: list[FormulaError] = []
    for place, piece, is_formula in _pieces(bare):
        if not is_formula:
            words.append(piece)
            continue
        try:
            trees = _read(bare, piece, place, functions)
        except FormulaError as error:
            faults.append(error)
            words.append(" ⟨?⟩ ")
            continue
        for tree in trees:
            words.append(f" ⟨{len(found)}⟩ ")
            found.append(Formula(tree, piece.strip(), place))
    return Question(text, _normal("".join(words)), tuple(found), picture, tuple(faults))


def _normal(text: str) -> str:
    text = text.lower().replace("’", "'").replace("“", '"').replace("”", '"')
    text = re.sub(r"\\(?:text|textbf|emph|textit)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\[a-z]+|[\\{}$_]", " ", text)
    text = re.sub(r"([.,;:?!()\"])", r" \1 ", text)
    text = re.sub(r"⟩\s*-\s*", "⟩ ", text)
    return re.sub(r"\s+", " ", text).strip()


def _read(text: str, piece: str, place: int, functions: frozenset[str]) -> tuple[Tree, ...]:
    stripped = piece.strip()
    if not stripped:
        return ()
    offset = place + len(piece) - len(piece.lstrip())
    trimmed = stripped.rstrip("?;:,. ")
    trimmed = re.sub(r"(?:\\[,;!]|~|\s|[?.,;])+$", "", trimmed) or stripped
    try:
        return read_all(trimmed, functions)
    except FormulaError as error:
        raise _placed(text, offset, error) from None


def _placed(text: str, start: int, error: FormulaError) -> FormulaError:
    """The error with its place in the whole question."""
    line, column = error.line or 1, error.column or 1
    piece = text[start:].split("\n")
    at = start + sum(len(row) + 1 for row in piece[: line - 1]) + column - 1
    before = text[:at]
    first = before.rfind("\n") + 1
    end = text.find("\n", at)
    shown = text[first : end if end >= 0 else len(text)]
    return FormulaError(
        error.found, error.expected, None, before.count("\n") + 1, at - first + 1, shown
    )


def _pieces(text: str) -> Iterator[tuple[int, str, bool]]:
    """The text cut into words and formulas, with their places."""
    at = 0
    for match in _DELIMITED.finditer(text):
        before = text[at : match.start()]
        name = next(n for n in "abcde" if match[n] is not None)
        opened = _BEGUN.search(before)
        if opened and name == "e":  # f(x) = $...$
            yield from _plain_pieces(before[: opened.start()], at)
            yield at + opened.start(), f"{opened[0]} {match[name]}", True
        else:
            yield from _plain_pieces(before, at)
            yield match.start(name), match[name], True
        at = match.end()
    yield from _plain_pieces(text[at:], at)


def _plain_pieces(text: str, offset: int) -> Iterator[tuple[int, str, bool]]:
    chunks = list(re.finditer(r"\S+", text))
    at, k = 0, 0
    while k < len(chunks):
        end = _run(chunks, k)
        if end == k:
            word = chunks[k][0].strip('.,;:?!()"').lower()
            if word in NUMBERS:
                start = chunks[k].start() + chunks[k][0].lower().index(word)
                yield offset + at, text[at:start], False
                yield offset + start, NUMBERS[word], True
                at = start + len(word)
            elif number := re.match(
                r"\(?(\$?)(\d[\d,]*(?:\.\d+)?)-?(?=[A-Za-z]{2,}|$)", chunks[k][0]
            ):
                start = chunks[k].start() + number.start(2)
                if not number[0].endswith("-") and _ordinal(chunks[k][0]):
                    k += 1
                    continue
                yield offset + at, text[at:start], False
                yield offset + start, number[2], True
                at = chunks[k].start() + number.end()
            k += 1
            continue
        start, stop = chunks[k].start(), chunks[end - 1].end()
        run = text[start:stop]
        lead = len(run) - len(run.lstrip('"“'))
        trail = len(_trimmed(run)) - len(run)
        if run[lead : len(run) + trail].count("(") < run.count(")") and run.startswith("("):
            pass
        inner = run[lead : len(run) + trail]
        if inner.count(")") > inner.count("(") and inner.endswith(")") and "[" not in inner:
            inner = inner[:-1]
        yield offset + at, text[at : start + lead], False
        place = start + lead
        for part in _split(inner):
            if part[1].strip():
                yield offset + place + part[0], part[1], True
                yield 0, part[2], False
        at = start + lead + len(inner)
        k = end
    yield offset + at, text[at:], False


def _ordinal(chunk: str) -> bool:
    return bool(re.match(r"\d+(?:st|nd|rd|th)\b", chunk))


def _split(run: str) -> Iterator[tuple[int, str, str]]:
    """The parts of a run between commas, semicolons and colons outside of brackets."""
    depth, start = 0, 0
    for at, char in enumerate(run):
        depth += (char in "([{<" and not _is_less(run, at)) - (char in ")]}" or _closes(run, at))
        thousand = (
            char == "," and re.match(r",\d{3}(?!\d)", run[at:]) and run[at - 1 : at].isdigit()
        )
        line = char == "\n" and _new_line(run[start:at], run[at + 1 :])
        if depth <= 0 and (line or (char in ",;:" and not thousand)):
            yield start, run[start:at], f" {char} ".replace("\n", ",")
            start = at + 1
    yield start, run[start:], ""


def _new_line(before: str, after: str) -> bool:
    """Whether the next line is a formula of its own: it is not the rest of one that goes on."""
    following = after.split("\n", 1)[0]
    if "=" in before and "=" in following:
        return True
    return before.rstrip()[-1:] not in tuple("=+-*/(,;") and after.lstrip()[:1] not in tuple(
        "=+-*/)"
    )


def _trimmed(text: str) -> str:
    """A text without the marks of its sentence at the end; `5!` keeps its factorial."""
    if re.search(r"(?:^|[\s,+])\.{2,}$|(?:\.\s)+\.$", text):
        return text
    bare = text.rstrip('.,;:?"”')
    if bare.endswith("!") and not re.search(r"[\d)a-z]!$", bare):
        return _trimmed(bare[:-1])
    return bare


def _is_less(run: str, at: int) -> bool:
    if run[at] == "<" and not re.search(r"(?:^|[=(,+*-])\s*$", run[:at]):
        return True
    return run[at] == "<" and not re.match(r"<\s*[^<>=,]+\s*,", run[at:])


def _closes(run: str, at: int) -> bool:
    return run[at] == ">" and bool(re.search(r"<\s*[^<>=,]+,[^<>]*$", run[:at]))


def _run(chunks: list[re.Match[str]], k: int) -> int:
    """The end of the run of formula that begins at a chunk; `k` where none begins."""
    end, depth, angle, solid = k, 0, 0, False
    while end < len(chunks):
        chunk = chunks[end][0]
        if depth + angle <= 0 and not _mathy(chunks, end, k):
            break
        if (
            depth > 0
            and _WORD.fullmatch(chunk)
            and chunk.strip(".,;:?!)").lower() not in _KNOWN
            and (chunk.strip(")") not in ("mod",))
        ):
            return k  # a bracket of words
        core = _trimmed(chunk)
        depth += sum(chunk.count(c) for c in "([{") - sum(chunk.count(c) for c in ")]}")
        angle += bool(re.search(r"(?:^|[=(])<[^<>=]*,$", chunk))
        if angle and ">" in chunk:
            angle = 0
        solid = solid or core not in _JOINT
        end += 1
        if (
            depth + angle <= 0
            and core != chunk
            and chunk[-1] in '.?;:!"”'
            and (chunk[-1] != "." or not _decimal(chunks, end))
        ):
            break
        if depth + angle <= 0 and chunk[-1] == "," and end < len(chunks):
            if not _mathy(chunks, end, k) or chunks[end][0].strip(",") in _JOINT:
                break
            break
    while end > k and chunks[end - 1][0] in _JOINT - {"|"}:
        end -= 1
    if depth + angle > 0 or not solid:
        return k
    return end


def _decimal(chunks: list[re.Match[str]], end: int) -> bool:
    return end < len(chunks) and chunks[end][0].startswith(". ")


def _mathy(chunks: list[re.Match[str]], at: int, first: int) -> bool:
    """Whether a chunk is part of a formula."""
    chunk = chunks[at][0]
    core = _trimmed(chunk.strip('"“”'))
    if re.fullmatch(r"\.+|…", chunk):
        return at > first and chunks[at - 1][0][-1] in "+-*,."
    if core in _JOINT:
        return at > first or (at + 1 < len(chunks) and core in "-−" and _number(chunks[at + 1][0]))
    bare = core.strip("()")
    if not core or not bare:
        return bool(core) and at > first and core not in ("(", ")")
    if re.fullmatch(r"[A-Za-z]", bare):
        return _letter(chunks, at, bare)
    if re.fullmatch(r"[A-Za-z]+", bare):
        if at + 1 < len(chunks) and chunks[at + 1][0] == "of" and bare in FUNCTIONS:
            return False  # `gcd of 12 and 18`, `sin of x` are words
        return (
            bare in _KNOWN
            or (at > first and bool(re.fullmatch(r"d[xytruvsz]", bare)))
            or (at > first and bare in ("xy", "xz", "yz", "xyz"))
        )
    if at > first and re.fullmatch(r"[a-z]{1,2}[xyztu]['′’]+", core):
        return True
    if re.fullmatch(r"\(?[A-Za-z]{2,}['’]?[A-Za-z-]*\)?", core) or re.search(
        r"[A-Za-z]{2,}-[a-z]{2,}", core
    ):
        return False
    if re.fullmatch(r"[A-Za-z]+(?:/[A-Za-z]+)+", core):
        return all(
            len(part) == 1 or (part[0] == "d" and len(part) == 2) for part in core.split("/")
        )
    if not re.search(r"[A-Za-z0-9∞π°]", core) and at == first and core not in ("(", "[", "{", "|"):
        return False
    if re.fullmatch(r"[A-Za-z]-[a-z]{2,}s?", core) or re.match(r"\d[\d.,]*-?[a-zA-Z]{2,}", core):
        return bool(re.fullmatch(r"\d+(?:sin|cos|tan|ln|exp|pi|sqrt|log)\w*.*", core))
    words = [w for w in re.findall(r"[A-Za-z]{3,}", core) if not _spelled(w)]
    if words:
        return False
    return bool(re.search(r"[\d=+*^<>|(){}\[\]_/≤≥∞π◦'′’\\≡→∈²³°%θ]|[^\x00-\x7f]", core)) and not (
        re.fullmatch(r"[A-Za-z]+[’'][a-z]+", core)
    )


def _spelled(word: str) -> bool:
    """Whether letters are functions, constants and single names written together."""
    if word in WORDS:
        return True
    for known in sorted(_KNOWN | set(WORDS), key=lambda w: -len(w)):
        if word.startswith(known):
            rest = word[len(known) :]
            return len(rest) <= 2 or _spelled(rest)
    return len(word) <= 3 and set(word) <= set("abcdnrstuvxyzABCNRPQ")


def _number(chunk: str) -> bool:
    return bool(re.match(r"[\d.(]|[a-z]\b|inf", chunk))


def _letter(chunks: list[re.Match[str]], at: int, letter: str) -> bool:
    if letter not in "aAI":
        return True
    after = chunks[at + 1][0] if at + 1 < len(chunks) else ""
    if chunks[at][0] != letter:
        return letter != "I" or chunks[at][0].startswith("(")
    if letter == "I":
        return after in _JOINT
    if not after or after in _JOINT:
        return True
    if re.fullmatch(r"[A-Za-z]{2,}[a-z'’-]*[.,;:?!]*", after):
        return after.strip(".,;:?!").lower() in _AFTER_LETTER
    before = chunks[at - 1][0] if at else ""
    return before in _JOINT or before.lower() in ("of", "constant", "constants", "value", "find")
