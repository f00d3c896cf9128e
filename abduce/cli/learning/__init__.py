"""Parts of the command `solve`: what it asks and says, and what it does besides learning words.

Reading order: `asking`, `telling`, `check_labels`, `images`.
"""
