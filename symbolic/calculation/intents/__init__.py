"""What can be asked, one file a field; a row is a kind of question. Nothing here imports sympy.

Reading order: `reading`, `calculus`, `algebra`, `linear`, `dynamics`, `numbers`, `chance`,
`shapes`, `stories`, `rows`.
"""
