"""Records: one JSON line a run, which holds everything that shaped its result.

Reading order: `schema`, `score`, `selecting`, `record`, `provenance`, `record_file`.
"""
