"""NSR: a grounded symbol system that is learned from examples, and answers by exact deduction.

    learn(pairs) -> Lexicon          lexicon.answer(sentence) -> Answer

Meanings are programs of `abduce.symbolic.programs`. Reading order: `priors` and `config`, what is
not learned; the folders `deduction`, `abduction` and `learning`; `hypothesis`, `explaining`,
`reasons` and `learn`, the entry point; `extending`, new words for a lexicon; `lexicon`, what was
learned; `answers`, with `evidence` and `reliability`, on which posteriors rest; the folders `files`
and `showing`; `uncertain`, answers where words are not known for certain; the folder `identifying`,
whether rows tell which symbol is which; `active`, which asks for the most informative examples; and
`estimator`, for scikit-learn.

Source: Li et al. 2024, Neural-Symbolic Recursive Machine for Systematic Generalization.
"""

from abduce.symbolic.nsr.abduction.edits import Revision
from abduce.symbolic.nsr.abduction.revision import GaveUp, explain_target
from abduce.symbolic.nsr.active import learn_actively
from abduce.symbolic.nsr.answers import Answer
from abduce.symbolic.nsr.config import Config
from abduce.symbolic.nsr.extending import extend
from abduce.symbolic.nsr.learn import learn
from abduce.symbolic.nsr.lexicon import Lexicon, Rival
from abduce.symbolic.nsr.uncertain import answer_uncertain

__all__ = [
    "Answer",
    "Config",
    "GaveUp",
    "Lexicon",
    "Revision",
    "Rival",
    "answer_uncertain",
    "explain_target",
    "extend",
    "learn",
    "learn_actively",
]
