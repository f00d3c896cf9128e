"""The networks of the literature, to compare with; none of them is proved.

One folder an architecture, with its model, its training tasks and what it can be asked:
`execution_engine`, `state_tracking`, `pointer_network`, `convergent`, `transformer`. `catalogue`
and `jobs` list them and stand on top.

Reading order: `config`, `answers`, `catalogue`, `jobs`.
"""
