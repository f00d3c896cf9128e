"""Proofs that two queries are equal: both are rewritten by laws, and end in one normal form.

A law is used only where it holds for what SQLite does: NULLs, the affinity of columns, integer
division, aggregates of no rows. Queries whose rows depend on the order in which rows are stored are
equal only where they are the same query.

Reading order: `logic`, conditions in three values; `context`, where a query stands; `facts`, what
keys and conditions fix; `duplicates`, `joins` and `sets`, the laws by kind; `ties`, what depends on
the order of stored rows; `rewriting` applies laws; `naming`, the normal form as text; `proving`.
"""
