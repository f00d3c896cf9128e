"""Commands about trained networks and those who verify them.

Reading order: `near`, `soundness`.
"""
