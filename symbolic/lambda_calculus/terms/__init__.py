"""Lambda terms: prefix codes, names, notations, and Python values as terms.

Reading order: `deadline`, `codes`, `reading`, `layout`, `sugar`, `terms`, `encodings`, `parsing`,
`notations`, `sampling`, `splits`.
"""
