"""Kernels of the plane: polynomials whose signs are predicates, and pointers between points.

Reading order: `signs`, `small_tours`, `moves`, `pointer`, `polynomial`, `pointer_task`.
"""
