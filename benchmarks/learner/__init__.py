"""Benchmarks of what the learner knows of itself: languages drawn at random, half of which it
cannot learn, and whether its posteriors are the shares of right answers; and whether it is seen
when rows do not tell which symbol is which.

Reading order: `languages`, `outside`, `draws`, `calibration`, `fitting`; `planted`, `labels`.
"""
