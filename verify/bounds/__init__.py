"""Bounds on networks over boxes of inputs, sound in exact real arithmetic.

Reading order: `matrices` (kinds of matrices; `convolutions` and their `stencils`), `expressions`
(what is multiplied out), `layers` (a network as affine maps and nonlinear layers), `rounding` (how
much floating point can be wrong), `relaxations` (two lines around a function), `interval`,
`backward` (with `coefficients` on some entries), `layerwise` (with `groups` of rows), `forward`,
`slopes` (the best lines), `certified`; `deadline`.
"""
