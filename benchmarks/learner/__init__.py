"""Benchmarks of what the learner knows of itself: languages drawn at random, half of which it
cannot learn, and whether its posteriors are the shares of right answers.

Reading order: `languages`, `outside`, `draws`, `calibration`, `fitting`.
"""
