"""Definitions: what each exact object has to be, written from the mathematics and not learned.

Reading order: `arithmetic`, `beta`, `brackets`, `geometry`, `graph_rules`, `list_rules`, `masks`,
`permutations`, `tours`.
"""
