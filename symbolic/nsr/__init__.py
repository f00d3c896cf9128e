"""NSR: a grounded symbol system that is learned from examples, and answers by exact deduction.

    learn(pairs) -> Lexicon          lexicon.answer(sentence) -> Answer

Source: Li et al. 2024, Neural-Symbolic Recursive Machine for Systematic Generalization.
"""

from abduce.symbolic.nsr.active import learn_actively
from abduce.symbolic.nsr.config import Config
from abduce.symbolic.nsr.edits import Revision
from abduce.symbolic.nsr.learn import learn
from abduce.symbolic.nsr.lexicon import Answer, Lexicon, Rival
from abduce.symbolic.nsr.lexicon_file import read_lexicon
from abduce.symbolic.nsr.revision import GaveUp, explain_target

__all__ = [
    "Answer",
    "Config",
    "GaveUp",
    "Lexicon",
    "Revision",
    "Rival",
    "explain_target",
    "learn",
    "learn_actively",
    "read_lexicon",
]
