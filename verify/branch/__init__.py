"""Branch and bound: a box that cannot be decided is split.

Reading order: `scores` chooses what is split next, of what `scored` has; `points` says where a
nonlinearity is split best, and `shortcuts` estimates what a split gains. `boxes` and
`inputs` split boxes of inputs. `activations` splits activations: `trees` has the subdomains and
splits them, `steps` chooses the number of ascent steps for each, and `carrying` moves subdomains to
better bounds. `linear` solves those in which all is linear, and `refining` improves the
intermediate bounds. `recording` writes the subdomains of both searches into a ledger.
"""
