"""Commands about SQL queries.

Reading order: `telling`, `sql`.
"""
