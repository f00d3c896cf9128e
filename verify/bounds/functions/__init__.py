"""Nonlinearities as bounds see them: values, derivatives, and two lines around each.

Reading order: `functions`, `gates`, `matrix_products`, `table`, `smooth`, `casts`, `softmax`,
`relaxations`.
"""
