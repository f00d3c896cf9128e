"""Benchmarks of reduction: both engines, and other packages, on one table of lambda terms.

Reading order: `cases`, `peer`, `job`, `suite`; then `gathered`, `table`, `page`, which
make the report.

Test sets of the learned reducer are in `abduce.benchmarks.execution`.
"""
