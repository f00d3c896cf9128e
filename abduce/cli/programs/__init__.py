"""Commands that learn programs.

Reading order: `synthesise`.
"""
