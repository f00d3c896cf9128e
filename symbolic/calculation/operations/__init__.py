"""What programs of calculations can do, one file a field: the only folder that computes.

Reading order: `operation`, `sampling`, `timing`, `floating`, `checks`; `calculus`, `series`,
`equations`, `several`, `graphs`, `linear`, `dynamics`, `numbers`, `chance`, `shapes`; `table`.
"""
