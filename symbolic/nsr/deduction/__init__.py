"""Deduction: what a sentence means under a lexicon.

Reading order: `syntax`, `chart`.
"""
