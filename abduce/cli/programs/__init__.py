"""Commands that learn programs.

Reading order: `synthesise`; `functional`, its part for integers, booleans, strings and lists.
"""
