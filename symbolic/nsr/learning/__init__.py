"""Learning: a search over partial lexicons, and the rivals that the examples leave possible.

Reading order: `association`, `run`, `proposing`, `mending`, `search`, `polishing`, `refining`,
`pairing`, `variants`, `probes`, `rivals`.
"""
