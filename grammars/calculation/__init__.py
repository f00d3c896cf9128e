"""Mathematics as people write it: LaTeX and plain text as trees of our own.

A tree is a plain tuple `(name, *children)`; numbers, names and constants are leaves that are named
by themselves. `symbolic.calculation` folds trees into sympy objects with `grammars.run`.

Reading order: `tokens`, `spaced`, `reader`, `lists`, `rules`.
"""
