"""Parts of the commands that learn: what `solve` is asked besides learning.

Reading order: `check_labels`.
"""
