"""Arithmetic over the quantities of a text: expressions whose leaves point to quantities.

Reading order: `expressions` (the grammar, values, text), `normal` (one form for expressions that
are equal by the laws of sums and products), `quantities` (read from a text), `number_words` of
them, `equations` (of data sets, as expressions).
"""
