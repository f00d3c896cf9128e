"""Reduction: engines that find normal forms, single steps, limits, and graphs of reductions.

Reading order: `collector`, `eta`, `outcomes`, `limits`, `config`, `steps`, `compiled`, `graphs`,
`machine`, `applicative`, `drawing`, `head`, `reduction`.
"""
