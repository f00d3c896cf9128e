"""Benchmarks of perception: handwritten formulas (HWF), HINT's expressions with our images, and
MNIST addition.

Reading order: `languages`, `composing`, `adding` (MNIST addition), `method` and `job`,
`hypotheses`, `answering`, `programs` (learned from what was read), `run`; `peers` (ABLkit beside
us), `sequences` (networks that write the value digit by digit) and `peer_jobs`, which run both;
then `table`, which reports records, and `parts`, the jobs and their targets.
"""
