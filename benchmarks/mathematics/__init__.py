"""Benchmarks of `abduce calculate`: mathQ's courses and MATH-500.

Reading order: `questions`, `judging`, `jobs`, `table`, `run`.
"""
