"""Benchmarks of program synthesis: arithmetic and list functions from examples, and their speed.

Reading order: `functions`, `course` (functions one after the other, with a library that grows),
`speed`, `run`, `table`; `suites` of list functions, `suite_library`,
`suite_run`, `suite_table`.
"""
