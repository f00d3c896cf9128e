"""Learning: a search over partial lexicons, and the rivals that the examples leave possible.

Reading order: `association`, `proposing`, `mending`, `search`, `refining`, `rivals`.
"""
