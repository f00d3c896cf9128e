"""Machines that run exact objects: the program around the kernels is written by hand.

One folder a kind of input: `lists`, `graphs`, `plane`, `words`, `terms`. `jobs` says what a machine
can be asked: kernels, methods, and text in, answer out.

Reading order: `fields`, `jobs`; `own`, a program of one's own on kernels.
"""
