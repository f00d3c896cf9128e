"""Benchmarks of the learner: SCAN, PCFG SET, miniSCAN, many words and own files, one job a setting.

Reading order: `tasks`, `parts`, `learner`, `metrics`, `job`, `run`; then `gathered`, `table`,
`page`, `figures`, which make the report, `targets`, and `priors`, the jobs and the table of changed
priors.
"""
