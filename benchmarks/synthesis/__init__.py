"""Benchmarks of program synthesis: arithmetic from examples, and programs evaluated a second.

Reading order: `functions`, `course` (functions one after the other, with a library that grows),
`speed`, `run`, `table`.
"""
