"""Programs, and the other exact objects: automata, tables, rules, polynomials, groups, pointers.

They print, run and are compared; proofs of them are in `abduce.verify.discrete`. A Program is a
typed term over a table of primitives, in `typed`. What each of the other objects has to be is said
in `definitions`.

Reading order: `typed`; `arrays`, `sums`, `streams`, `tangent`, `bellman`, `groups`, `mealy`,
`pointers`, `polynomials`, `machine_programs` (transition tables of register machines), `rules`,
`step_tables`, `table`, `compiling`, `program_text`.
"""
