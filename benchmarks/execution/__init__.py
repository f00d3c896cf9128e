"""Benchmarks of executed programs: kernels are learned and proved, then run far beyond training.

Reading order: `graph_tests`, `list_tests`, `modules`, `points`, `published`, `word_tests`,
`gathered`, `tests`, `run`, `table`, `page`.
"""
