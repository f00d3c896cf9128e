"""Equality on all databases of a few rows a table, decided by z3.

Every table has k symbolic rows, and both queries are evaluated on them as formulas. Values are real
numbers that stand for values in their order: a query that only compares values says the same of any
others in that order. So no difference among these means none among SQLite's values, of which there
are finitely many in a database. What is not a comparison is an uninterpreted function, or
arithmetic, which then is assumed to be of numbers and exact. A difference that z3 finds counts only
if SQLite shows it too.

Reading order: `cells`, symbolic values; `conditions`, expressions of one row; `aggregates`;
`relations`, queries; `database`, symbolic tables and models as rows; `deciding`, the way in.

Source: He, Zhao, Wang & Wang 2024, VeriEQL: bounded equivalence verification for complex SQL
queries with integrity constraints.
"""
