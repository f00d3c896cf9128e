"""Instances: from a network file and a property file to a verdict, also with the interface of
VNN-COMP.

Reading order: `checking`, `memory`, `instance`, `proving`, `refuting`, `vnncomp`, `radius`,
`patterns`.
"""
