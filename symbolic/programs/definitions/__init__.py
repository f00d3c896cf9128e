"""Definitions: the specification of each exact object, written from the mathematics and not
learned.

Reading order: `arithmetic`, `beta`, `brackets`, `geometry`, `graph_rules`, `list_rules`, `masks`,
`permutations`, `tours`.
"""
