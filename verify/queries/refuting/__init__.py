"""The search for a database on which two queries differ.

Random tiny databases have the constants of the queries and their neighbours, and keep all keys.
Both queries run in SQLite; a difference is shrunk to a smallest database and shown only after it
was seen again in a fresh one.

Reading order: `results` says when rows differ, `hints` what the queries compare with what,
`values` the values to try, `drawing` a random database, `legality` what keys allow, `laboratory`
runs queries, `orders` tells differences from ties, `shrinking`, and `searching`, which is the way
in.
"""
