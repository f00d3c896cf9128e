"""Benchmarks of word problems: models trained and tested on the splits of the literature.

Reading order: `data` (files as problems), `splits`, `learning` (what a model is told to learn
from), `jobs`, `run`, `table`.
"""
