"""What lies around the functions of layers: lines around nonlinearities, planes around others.

Of a nonlinearity (`networks/functions`) only what is general is here: `smooth` makes two lines of
its value and derivative.

Reading order: `functions`, `smooth`, `products`, `matrix_products`, `softmax`, `relaxations`.
"""
