"""Data sets: tables of members with checksums, found, fetched or made, and what is read from them.

Reading order: `lambda_terms`, `pair_formats`, `scan_splits`, `word_languages`, `random_lexicons`,
`table`, `members`, `pairs`, `handwritten`, `mnist`, `hint`, `hint_making`, `making`, `fetch`,
`json_lines`.
"""
