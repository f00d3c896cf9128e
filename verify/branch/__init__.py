"""Branch and bound: a box that cannot be decided is split.

Reading order: `query` (cases that share a box), `inputs` (splitting boxes of inputs).
"""
