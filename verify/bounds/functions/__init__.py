"""Relaxations of the functions of layers: lines around nonlinearities, planes around others.

Each nonlinearity has a file in `networks/functions`. This folder has what they share: `smooth`
makes two lines from a value and a derivative.

Reading order: `functions`, `smooth`, `products`, `matrix_products`, `softmax`, `relaxations`.
"""
