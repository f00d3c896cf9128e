"""Benchmarks of the learner: SCAN, PCFG SET, miniSCAN and files of pairs, one job a setting.

Reading order: `tasks`, `parts`, `learner`, `metrics`, `job`, `run`; then `gathered`, `table`,
`page`, `figures`, which make the report, and `priors`, the jobs and the table of changed priors.
"""
