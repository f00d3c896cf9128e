"""Questions in English to SQL, and to the rows that it has in a database.

Reading order: `config`; `vocabulary` (the rules of SQL that point to nothing, and what is known of
rows); `known` (a database that was looked at); `posing` (a question as one of the decoder);
`narrowing` (the part of a large database that a question is about); `examples` (questions with gold
queries, for training), `training`; `answering`.
"""
