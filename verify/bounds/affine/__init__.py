"""A network as affine maps between nonlinear layers: kinds of matrices, expressions, rounding.

Reading order: `float32`, `stencils`, `convolutions`, `matrices`, `coefficients`, `expressions`,
`groups`, `layers`.
"""
