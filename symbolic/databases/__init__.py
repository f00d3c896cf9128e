"""Databases: schemas with keys, read from SQLite files, CSV folders and DDL, and queries that only
read.

No file is ever written. The keys of a schema say where they come from: the file, another file, or
a guess from the rows, which is *assumed*.

Reading order: `schema`, `introspecting` reads the schema of a connection, `opening` opens files,
`csv_folder` and `script` make databases in memory, `guessing` infers keys from rows,
`spider_schema` reads keys from tables.json, `ddl_keys` from statements, `executing` runs a query
within limits, and `reading` is the way in.
"""
