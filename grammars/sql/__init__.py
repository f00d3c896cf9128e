"""SQL queries as trees of a grammar over the tables and columns of one database.

A tree names columns, tables and values; joins follow from the foreign keys. Every tree is SQL that
SQLite accepts, and compares like with like. `read` and `read_query` need the extra sql (sqlglot).

Reading order: `items`, `joining`, `language` is the grammar, `writing` prints trees as SQL;
`outside`, `nodes`, `scopes`, `matching`, `conditions`, `selects` and `reading` turn SQL into trees.
"""
