"""Commands about SQL queries.

Reading order: `telling` and `answers` (what is printed), `asking` (a question), `sql` (the
commands).
"""
