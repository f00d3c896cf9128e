"""Pointer networks: an attention whose softmax is the output, so that outputs are inputs.

Reading order: `answers` has the true hulls, triangulations and tours, and `rules` says which
outputs are valid. `model` has the network and its baseline, and `beam` the search for the likeliest
valid output. `tasks` has the models that are trained, and `jobs` the tasks that can be executed.
The proved counterpart learns predicates and runs the algorithms.

Glossary of axes: batch, points, time (places of the output), choices (points, and the end last).

Source: Vinyals et al. 2015, Pointer networks.
"""
