"""Records of what was trained, and of kernels that were proved or asked by themselves.

Reading order: `records`, `table`.
"""
