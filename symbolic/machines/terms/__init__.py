"""The machine of lambda terms: it steps by proved tables, at any size.

Reading order: `indices`, `machine`, `job`.
"""
