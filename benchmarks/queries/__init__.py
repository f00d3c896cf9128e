"""Benchmarks of the comparison of SQL queries: one-edit mutants of Spider's gold queries.

Reading order: `mutants`, `jobs`, `run`, `table`.
"""
