"""Programs: typed terms over a stated table of primitives. What does not type cannot be built.

Reading order: `primitives` (the table), `terms` (how terms are put together and what they cost),
`typing` (their types), `program` (a term that types), `alphabet` and `running` (its value),
`lambda_terms` (the same value by the lambda calculus), and `program_data` (programs as plain data).
"""
