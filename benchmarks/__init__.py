"""What is measured, on what, and what came out.

`data` has the data sets, `records` the result records, `drawing` what tables and figures are made
with. `processes` runs jobs, each in a process of its own, on this machine or on a cluster. One
folder a kind of record holds its jobs, its table and its part of the page: `solve`, `learner`,
`verify`, `execution`, `lambda_calculus`, `perception`, `soundness`, `synthesis`, `training`,
`specifications`, `queries`, `questions`, `asking`, `word_problems`, `mathematics`. `report` puts
them together and stands on top. `speed_grammars` measures the parser of grammars and writes no
record.
"""
