"""Parts of the command `solve` that have options of their own.

Reading order: `check_labels`, `images`.
"""
