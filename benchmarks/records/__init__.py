"""Records: one JSON line a run, which holds everything that shaped its result.

Reading order: `schema`, `score`, `record`, `selecting`, `provenance`, `record_file`,
`keeping`.
"""
