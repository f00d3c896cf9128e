"""Branch and bound: a box that cannot be decided is split.

Reading order: `scores` chooses what is split next. `inputs` splits boxes of inputs. `activations`
splits activations: `trees` has the parts and cuts them, `steps` how hard each is
worked on, `carrying` and `linear` what is gained from parts, `refining` better bounds on what is
inside. `recording` writes the subdomains of both into a ledger.
"""
