"""Benchmarks of the learner: SCAN, PCFG SET, miniSCAN and files of pairs, one job a setting.

Reading order: `gathered`, `learner`, `tasks`, `job`, `table`, `metrics`, `parts`, `run`.
"""
