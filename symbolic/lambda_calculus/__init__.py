"""The lambda calculus: terms, their normal forms, their types, and Python values as terms.

    parse(text) -> Term
    normal_form(term, strategy, fuel) -> NormalForm | OutOfFuel | TooLarge

Nothing here recurses on terms: all of it works 1,000,000 binders or applications deep.

Glossary: a *code* is a term as integers in prefix order (`codes`); a *redex* is an application of
an abstraction; a *beta step* contracts one; a *strategy* says which one is next; a term without
redexes is a *normal form*; *sharing* reduces an argument once however often it is used; *readback*
writes the values of a machine down as a term.

Reading order: `terms` (codes, printing, parsing), `reduction` (the engines, and one step at a
time), `types`.
"""

from abduce.symbolic.lambda_calculus.reduction.limits import Limits
from abduce.symbolic.lambda_calculus.reduction.outcomes import (
    STRATEGIES,
    NormalForm,
    Outcome,
    OutOfFuel,
    Strategy,
    TooLarge,
)
from abduce.symbolic.lambda_calculus.reduction.reduction import normal_form
from abduce.symbolic.lambda_calculus.reduction.steps import Step, steps
from abduce.symbolic.lambda_calculus.terms.encodings import decode, encode, readings
from abduce.symbolic.lambda_calculus.terms.notations import (
    de_bruijn,
    from_de_bruijn,
    from_tokens,
    tokens,
)
from abduce.symbolic.lambda_calculus.terms.parsing import parse
from abduce.symbolic.lambda_calculus.terms.terms import Term, abstraction, application, variable
from abduce.symbolic.lambda_calculus.types.inference import Typing, Untypable, principal_type

__all__ = [
    "STRATEGIES",
    "Limits",
    "NormalForm",
    "OutOfFuel",
    "Outcome",
    "Step",
    "Strategy",
    "Term",
    "TooLarge",
    "Typing",
    "Untypable",
    "abstraction",
    "application",
    "de_bruijn",
    "decode",
    "encode",
    "from_de_bruijn",
    "from_tokens",
    "normal_form",
    "parse",
    "principal_type",
    "readings",
    "steps",
    "tokens",
    "variable",
]
