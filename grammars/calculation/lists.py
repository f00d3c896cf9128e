"""Digits with commas: `7,100,200` is one number, or a list of three after words such as `gcd of`.

Between words of a list and the end of a sentence, digits that stand alone are a list, for one
number has no mean. Beside other
numbers without such commas both readings are possible, and the text is refused.
"""

import re
from typing import Final

from abduce.grammars.calculation.reader import FormulaError

_GROUPED: Final = r"\d{1,3}(?:,\d{3})+(?![\d,]|\.\d)"
_NUMERAL: Final = r"-?\d[\d,]*(?:\.\d+)?"
_LIST: Final = re.compile(
    r"(?<!\ba )(?<!\ban )\b(?:gcd|lcm|hcf|common (?:divisor|factor|multiple)|mean|average|"
    r"median|mode|range|deviation|variance|set|list|data|largest|smallest|greatest|least|maximum|minimum)"
    r"(?:\s+of|\s*:)(?: the)?(?: following)?(?: set| list| data| values| integers)*(?: of|:)?\s+"
    rf"(?P<all>{_NUMERAL}(?:(?:\s*,\s*and\s+|\s*,\s+|\s+and\s+){_NUMERAL})*)"
    r"(?=\s*(?:[.?!]\s|[.?!]?$))",
    re.IGNORECASE,
)


def listed(text: str) -> str:
    """The text with spaces behind the commas of lists.

    Raises:
        FormulaError: digits with commas that may be one number or several.

    >>> listed("Find the gcd of 7,100,200."), listed("What is 7,100,200 + 1?")
    ('Find the gcd of 7, 100, 200.', 'What is 7,100,200 + 1?')
    """
    found = text
    for match in reversed(list(_LIST.finditer(text))):
        items = re.findall(_NUMERAL, match["all"])
        grouped = [item for item in items if re.fullmatch(_GROUPED, item.lstrip("-"))]
        if not grouped:
            continue
        place = match.start("all")
        if len(items) == 1 and len(grouped) == 1:
            spaced = match["all"].replace(",", ", ")
            found = found[:place] + spaced + found[match.end("all") :]
        elif len(grouped) < len(items) and not re.search(r",\s", match["all"]):
            raise _ambiguous(text, text.index(grouped[0], place), grouped[0])
    return found


def _ambiguous(text: str, place: int, digits: str) -> FormulaError:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return FormulaError(
        f"'{digits}', which may be one number or several",
        ("spaces behind the commas of a list, or no commas within a number",),
        None,
        text.count("\n", 0, place) + 1,
        place - start + 1,
        text[start : end if end >= 0 else len(text)],
    )
