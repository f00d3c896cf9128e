"""Benchmarks of perception: handwritten formulas (HWF), and HINT's expressions with our images.

Reading order: `languages`, `composing`, `method` and `job`, `hypotheses`, `answering`, `programs`
(learned from what was read), `run`; `peers` (ABLkit beside us), `sequences` (networks that write
the value digit by digit) and `peer_jobs`, which run both; then `table`, which reports records, and
`parts`, the jobs and their targets.
"""
