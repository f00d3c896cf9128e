"""Benchmarks of the verifier: the instances of VNN-COMP, each in a process of its own.

Reading order: `gathered`, `instances`, `process`, `table`, `page`, `run`, `instances_csv`, `suite`.
"""
