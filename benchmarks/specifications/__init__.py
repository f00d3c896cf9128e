"""Benchmarks of specifications: what activation patterns of MNIST networks recall, and what of it
is proved; how our verifier answers where a counterexample is known; what certificates of proofs
cost; which answers to sentences of images are certified; and what branching adds on networks of
other functions than relu.

Reading order: `mnist`, `nap_jobs`, `nap`, `table`; `soundness`; `certificate_jobs`, `certificates`,
`certificate_table`; `answers_jobs`, `answers`, `answers_table`; `nonlinear`.
"""
