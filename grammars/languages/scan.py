"""SCAN: commands such as "jump around left twice", meaning sequences of actions.

Source: Lake and Baroni 2018, Generalization without systematicity, section 2 and supplementary
Figures 6 and 7. The published interpretation function, with its four forms of each modifier, is
written here as one function a word.
"""

from functools import cache
from pathlib import Path
from types import MappingProxyType

from abduce.grammars.folding import Algebra
from abduce.grammars.languages.language import Language
from abduce.grammars.reading import read_file

Actions = tuple[str, ...]

ALGEBRA: Algebra = MappingProxyType(
    {
        "walk": lambda: ("I_WALK",),
        "look": lambda: ("I_LOOK",),
        "run": lambda: ("I_RUN",),
        "jump": lambda: ("I_JUMP",),
        "left": lambda: ("I_TURN_LEFT",),
        "right": lambda: ("I_TURN_RIGHT",),
        "verb": lambda verb: verb,
        "turn": lambda: (),
        "do": lambda verb: verb,
        "toward": lambda act, turn: turn + act,
        "opposite": lambda act, turn: turn + turn + act,
        "around": lambda act, turn: 4 * (turn + act),
        "once": lambda act: act,
        "twice": lambda act: 2 * act,
        "thrice": lambda act: 3 * act,
        "phrase": lambda act: act,
        "and": lambda first, second: first + second,
        "after": lambda second, first: first + second,
    }
)


@cache
def language() -> Language:
    """The 20,910 commands and their actions.

    >>> language().value("jump left after walk twice")
    ('I_WALK', 'I_WALK', 'I_TURN_LEFT', 'I_JUMP')
    """
    return Language("scan", read_file(Path(__file__).parent / "scan.lark"), ALGEBRA)
