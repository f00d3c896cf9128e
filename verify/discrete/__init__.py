"""Proofs of exact objects: finite tables case by case, automata for words of every length.

One file an object, named after it; `proving` has the one verb for all of them.

Reading order: `product`, `tables`, `rules`, `programs`, `step_tables`, `groups`, `layers`,
`polynomials`, `pointers`, `tangent`, `proving`, `bounded`, `counterexamples`.
"""
