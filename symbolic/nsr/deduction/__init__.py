"""Deduction: what a sentence means under a lexicon.

Reading order: `syntax`, `chart`, `outside`; then `tables`, `compiled` and `charts`, which do
the same for many sentences, fast.
"""
