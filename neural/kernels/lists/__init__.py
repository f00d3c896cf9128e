"""Kernels of lists: masks, and programs of list machines learned from execution traces.

Reading order: `list_traces`, `selections`, `mask`, `program`, `program_tasks`.
"""
