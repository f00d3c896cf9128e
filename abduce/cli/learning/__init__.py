"""Parts of the commands that learn: what `solve` is asked besides learning from words.

Reading order: `check_labels`, `images`.
"""
