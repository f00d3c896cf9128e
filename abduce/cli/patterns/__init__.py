"""Activation patterns: the commands `nap`, and what `verify` prints about them.

Reading order: `claims`, `nap`.
"""
