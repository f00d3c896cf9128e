"""Questions about databases: what the words of a question have to do with tables, columns, values.

Plain data, made without a network: what an encoder is fed with, and what explanations show.

Reading order: `items` makes the grammar's items of a schema.
"""
