"""The command about mathematics.

Reading order: `telling`, `calculate`.
"""
