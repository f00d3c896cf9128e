"""Kernels of streams: automata that read one symbol of each operand and write one.

Reading order: `annealing`, `examples`, `stream`.
"""
