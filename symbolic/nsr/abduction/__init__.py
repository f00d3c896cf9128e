"""Abduction: which meanings, or which smallest change of a lexicon, would explain an output.

Reading order: `edits`, `induction` (lists), `integer_holes` and `integers` (numbers), `meanings`,
`trying`, `repertoire`, `revision`.
"""
