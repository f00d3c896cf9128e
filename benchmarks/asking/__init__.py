"""Benchmarks of answers to questions about databases: models trained on one side of a split, and
tested on the other.

Reading order: `protocols` (targets, and what others have reached), `splits` (what is learned from,
what is tested), `learning` (what a user names to learn from), `testing` (answers judged), `jobs`,
`table`, `run`.
"""
