"""Benchmarks of executed programs: kernels are learned and proved, then run far beyond training.

Reading order: the test inputs, `list_tests`, `graph_tests`, `points`, `word_tests` and
`lambda_tests`, and `tests`, their table; `modules` (networks of the literature), `asked` (the
configuration in a record), `job`, `learning` (the kernels that jobs share) and `run`; then
`published`, `gathered`, `table`, `figures`, `page`, which make the report.
"""
