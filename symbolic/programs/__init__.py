"""Exact objects: automata, tables, rules, polynomials, groups, list programs, pointers.

They print, run and are compared; proofs of them are in `abduce.verify.discrete`. What each has to
be is said in `definitions`.

Reading order: `arrays`, `sums`, `streams`, `tangent`, `bellman`, `groups`, `mealy`, `pointers`,
`polynomials`, `programs`, `rules`, `step_tables`, `table`, `compiling`, `program_text`.
"""
