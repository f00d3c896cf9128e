"""Data sets: tables of members with checksums, found or fetched, and the pairs read from them.

Reading order: `lambda_terms`, `pair_formats`, `scan_splits`, `word_languages`, `random_lexicons`,
`table`, `members`, `pairs`, `handwritten`, `fetch`.
"""
