"""What programs of calculations can do, one file a field: the only folder that computes.

Reading order: `operation`, `sampling`, `timing`, `checks`; `calculus`, `series`, `equations`,
`several`, `graphs`, `linear`, `dynamics`, `numbers`; `table`.
"""
