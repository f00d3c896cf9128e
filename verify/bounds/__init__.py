"""Bounds on networks over boxes of inputs, sound in exact real arithmetic.

`functions` has what is known of nonlinearities, `affine` a network as affine maps between nonlinear
layers, `propagation` the bounds themselves.

Reading order: `effort`, `query`.
"""
