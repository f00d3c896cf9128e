"""Benchmarks of specifications: what activation patterns of MNIST networks recall, and what of it
is proved; and what certificates of proofs cost.

Reading order: `mnist`, `nap_jobs`, `nap`, `table`; `certificate_jobs`, `certificates`,
`certificate_table`.
"""
