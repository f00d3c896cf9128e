"""Proofs that a learned program equals a native function, so that the latter may be run instead.

Reading order: `natives`, the functions; `verdicts`, what a proof says; `translating`, programs as
formulas; `closed_forms`, what iterations are proved to be by induction; `equality`, the verb; and
`replacing`, the native versions in a library.
"""
