"""Benchmarks of reduction: both engines, and other packages, on one table of lambda terms.

Reading order: `cases`, `peer`, `process`, `tests`, `job`, `gathered`, `suite`, `table`, `page`.
"""
