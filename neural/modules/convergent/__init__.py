"""Convergent graph solvers: a network writes a contraction on the nodes, its fixed point is read.

`fixed_point` has the implicit gradient, `model` the solver, `processes` the decision processes,
`tasks` what is trained.
`jobs` has what it can be asked: the values of a decision process, and its best actions.

Glossary of axes: batch, nodes (states), actions (of a state, each an edge to the next), heads.

Source: Park et al. 2022, Convergent graph solvers.
"""
