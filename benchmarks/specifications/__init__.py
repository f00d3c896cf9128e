"""Benchmarks of specifications: what activation patterns of MNIST networks recall, and what of it
is proved.

Reading order: `mnist`, `nap_jobs`, `nap`, `table`.
"""
