"""Bounds propagated through a network: interval, forward, and backward bounds, and their best
slopes.

Reading order: `interval`, `regrouping`, `backward`, `bilinear`, `slopes`, `sharp`, `certified`,
`layerwise`, `forward`, `points`.
"""
