"""Benchmarks of specifications: what activation patterns of MNIST networks recall, and what of it
is proved; which answers to sentences of images are certified.

Reading order: `mnist`, `nap_jobs`, `nap`, `table`; `answers_jobs`, `answers`, `answers_table`.
"""
