"""Calculation: questions of mathematics, answered by programs over a table of sympy operations.

What a question says is understood without sympy, from our own trees; a program with its arguments
is then run in a confined process, where every operation is explained and, where there is another
way to its answer, checked. What is not understood as a whole is refused.

Reading order: `trees`, `writing`; `question`, `facts`, `words`, `understanding`, and the folder
`intents`; `retrieval`; `untyped`, the folder `operations`, `algebra`, `printing`, `evaluating`;
the folder `process`; `answering`, the door; `generating`, `plotting`, and
`equivalence` of answers.
"""
