"""Languages: one Grammar object to parse, print, sample, enumerate, constrain and mutate.

A *sort* is any hashable value; a *rule* builds a tree of its head sort from trees of its argument
sorts; a *grammar* is a function from sorts to weighted rules with a start sort; a *tree* is a plain
tuple `(name, *children)`. Every *view* is a function of the two. An *algebra* maps rule names to
functions, and `run` folds a tree in it. A *language* is a grammar with its standard algebra.

Reading order: `grammar`, `derivation`; `weights` from outside; the views `printing`, `automaton`,
`parsing`, `masking` of tokens, `partial` trees and their mask, `sampling`, `probability`,
`enumeration`, `mutation`, `folding`; `reading` of files with surface text; `languages`, a folder
with the languages themselves; and `sql`, queries over the tables of a database.
"""

from abduce.grammars.enumeration import enumerate_trees, nodes, surprisal
from abduce.grammars.folding import Algebra, run
from abduce.grammars.grammar import Grammar, Rule, Sort, Tree
from abduce.grammars.languages.language import Language
from abduce.grammars.masking import Prefix, mask
from abduce.grammars.mutation import mutate
from abduce.grammars.parsing import ParseError, parse
from abduce.grammars.partial import PartialTree, mask_rules
from abduce.grammars.printing import text, tokens
from abduce.grammars.probability import fit, logp
from abduce.grammars.reading import read, read_file
from abduce.grammars.sampling import expected_sizes, sample
from abduce.grammars.weights import Context, Weights, weighted

__all__ = [
    "Algebra",
    "Context",
    "Grammar",
    "Language",
    "ParseError",
    "PartialTree",
    "Prefix",
    "Rule",
    "Sort",
    "Tree",
    "Weights",
    "enumerate_trees",
    "expected_sizes",
    "fit",
    "logp",
    "mask",
    "mask_rules",
    "mutate",
    "nodes",
    "parse",
    "read",
    "read_file",
    "run",
    "sample",
    "surprisal",
    "text",
    "tokens",
    "weighted",
]
