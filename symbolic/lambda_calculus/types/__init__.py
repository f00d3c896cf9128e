"""Principal types of lambda terms.

Reading order: `inference`.
"""
