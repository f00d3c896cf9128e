"""Benchmarks of specifications: what activation patterns of MNIST networks recall, and what of it
is proved; how our verifier answers where a counterexample is known; what certificates of proofs
cost; and which answers to sentences of images are certified.

Reading order: `mnist`, `nap_jobs`, `nap`, `table`; `soundness`; `certificate_jobs`, `certificates`,
`certificate_table`; `answers_jobs`, `answers`, `answers_table`.
"""
