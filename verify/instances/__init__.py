"""Instances: a network file and a property file in, a verdict out; the door of VNN-COMP.

Reading order: `checking`, `memory`, `instance`, `vnncomp`.
"""
