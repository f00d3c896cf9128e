"""Programs: typed terms over a stated table of primitives. A term without a type cannot be built.

Reading order: `primitives` (the table), `terms` (how terms are put together and what they cost),
`typing` (their types), `program` (a term that has a type), `alphabet` and `running` (its value).
Then `lambda_terms` (the same value by the lambda calculus) and `program_data` (programs as plain
data).
"""
