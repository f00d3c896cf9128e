"""Benchmarks of perception: handwritten formulas (HWF), and HINT's expressions with our images.

Reading order: `languages`, `composing`, `job`, `run`, `peers`.
"""
