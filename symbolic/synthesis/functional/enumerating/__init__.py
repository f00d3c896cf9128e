"""Programs as columns of values, enumerated by cost.

Reading order: `columns`, `bank`, `lambdas` (functions as arguments), `goals` (what a function must
give).
"""
