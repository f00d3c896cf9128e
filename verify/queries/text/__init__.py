"""From the text of a query to a tree with resolved names, and back.

sqlglot parses. What it may read otherwise than SQLite, and what no proof understands, is refused by
name.

Reading order: `outside`, `scopes` resolves names, `expressions` and `selects` turn sqlglot's trees
into ours, `reading` is the way in, and `writing` writes a tree as SQL.
"""
