"""Neural activation patterns: a class is specified by the signs of neurons, not by a ball.

A pattern of a class names neurons that are active (their value is above 0) or inactive (it is at
most 0) for nearly all inputs of that class. Mining and files take zero for inactive. Proofs use
closed half-spaces, at least 0 or at most 0, which only makes them stronger.

Reading order: `pattern`, `observing`, `data`, `mining`, `measuring`, `questions`, `minimal`,
`files`.

Source: Geng et al. 2023, Towards Reliable Neural Specifications; Geng et al. 2024, Learning Minimal
Neural Specifications (`minimal`).
"""
