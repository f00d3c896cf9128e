"""Pointer networks: an attention whose softmax is the output, so that outputs are inputs.

`answers` has the true hulls, triangulations and tours, `rules` which outputs are valid, `model` the
network and its baseline, `beam` the search for the likeliest valid output, `tasks` what is trained.
The proved counterpart learns predicates and runs the algorithms.
`jobs` has what it can be asked: hulls, triangulations and tours.

Glossary of axes: batch, points, time (places of the output), choices (points, and the end last).

Source: Vinyals et al. 2015, Pointer networks.
"""
