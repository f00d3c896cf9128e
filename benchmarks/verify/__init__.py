"""Benchmarks of the verifier: the instances of VNN-COMP, each in a process of its own.

Reading order: `instances`, `instances_csv`, `process`, `run`, `suite`; then `gathered`, `table`,
`figures`, `page`, which make the report.
"""
