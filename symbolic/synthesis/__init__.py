"""Synthesis: typed programs from examples, cheapest first, and libraries of learned programs.

    synthesise(examples, type, library, budget) -> Solved | GaveUp

Programs are those of `abduce.symbolic.programs.typed`, over its table of primitives and a library;
the engine enumerates the grammar of that table and knows no task. Reading order: `examples`,
`budget`, `library` (what is given); `enumeration`, a folder; `found`; `working`, what one round
works on; `techniques`, a folder; `rounds`; `synthesise`, the verb; `cheapest`, programs without
examples; `files`. `functional`, a folder, is the engine for integers, booleans, strings, lists and
functions of these. `proving`, a folder, has the proofs that let a native function run in the place
of a learned program.

Source: Albarghouthi et al. 2013 (bottom-up enumeration with observational equivalence); Alur et al.
2017 (conditionals by cover).
"""

from abduce.symbolic.synthesis.budget import Budget, ProgramPrices
from abduce.symbolic.synthesis.examples import Example
from abduce.symbolic.synthesis.found import Candidate
from abduce.symbolic.synthesis.library import Learned, Library
from abduce.symbolic.synthesis.synthesise import GaveUp, Solved, synthesise

__all__ = [
    "Budget",
    "Candidate",
    "Example",
    "GaveUp",
    "Learned",
    "Library",
    "ProgramPrices",
    "Solved",
    "synthesise",
]
