"""Kernels of graphs: rules of graph machines from execution traces, and layers of fixed points.

Reading order: `decisions`, `traces`, `layer`, `observations`, `controller`, `layer_tasks`,
`rules_tasks`.
"""
