"""Benchmarks of questions to SQL: what the grammar covers, and what linking finds.

Reading order: `data`, `coverage`.
"""
