"""Branch and bound: a box that cannot be decided is split.

Reading order: `query` (cases that share a box), `inputs` (boxes of inputs are split), and
`activations`.
"""
