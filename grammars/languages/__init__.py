"""Languages: a grammar with its surface text (a `.lark` file) and its standard algebra.

`lambda.lark`, `vnnlib.lark` and `vnnlib2.lark` are specifications: those languages are read by
hand-written readers elsewhere, for speed, and tests hold the readers against these files.

Reading order: `language`, `arithmetic`, `pcfg_set`, `scan`.
"""
