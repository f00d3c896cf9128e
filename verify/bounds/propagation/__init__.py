"""Bounds propagated through a network: interval, forward, backward, with the best slopes.

Reading order: `interval`, `regrouping`, `backward`, `bilinear`, `slopes`, `sharp`, `certified`,
`layerwise`, `forward`, `points`.
"""
