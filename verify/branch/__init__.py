"""Branch and bound: a box that cannot be decided is split.

Reading order: `scores` chooses what is split next. `boxes` and `inputs` split boxes of inputs.
`activations` splits activations: `trees` has the subdomains and splits them, `steps` chooses how
hard each is worked on, `carrying` and `linear` gain from subdomains, `refining` makes intermediate
bounds better. `recording` writes the subdomains of both searches into a ledger.
"""
