"""Abduction: which meanings, or which smallest change of a lexicon, would explain an output.

Reading order: `edits`, `induction`, `meanings`, `repertoire`, `revision`.
"""
