"""Proofs of exact objects: finite tables case by case, automata for words of every length.

Each file has the proof of one kind of object, and is named after it; `proving` has the one entry
point.

Reading order: `product`, `tables`, `rules`, `programs`, `step_tables`, `groups`, `layers`,
`polynomials`, `pointers`, `tangent`, `proving`, `bounded`, `counterexamples`.
"""
