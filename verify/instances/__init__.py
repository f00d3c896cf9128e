"""Instances: from a network file and a property file to a verdict, also with the interface of
VNN-COMP.

Reading order: `checking`, `memory`, `instance`, `vnncomp`; `asking`, one of several questions about
a network; `radius`, `near` (robustness around inputs) and `patterns`.
"""
