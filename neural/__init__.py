"""What learns by gradient: kernels, small networks that are made exact and then proved.

Reading order: `kernels`; `training`, one loop for the networks that are not proved; and `modules`,
the networks of the literature.
"""
