"""Benchmarks of what the learner knows about itself.

Languages are drawn at random, half of which it cannot learn, to see whether its posteriors are the
shares of right answers. And sets of rows are made in which two symbols can be exchanged, to see
whether that is found.

Reading order: `languages`, `outside`, `draws`, `calibration`, `fitting`; `planted`, `labels`.
"""
