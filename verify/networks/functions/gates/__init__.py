"""Gates: x times a function that rises from 0 to 1.

Reading order: `gating` (where their derivatives have a given value), `silu`, `gelu`, `gelu_tanh`,
`mish`; `hard_swish`.
"""
