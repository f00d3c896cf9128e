"""The command `bench`: the jobs behind the tables of the README. One file a kind of benchmark.

Reading order: `asked` has what all kinds are asked; `learning` runs the parts that learn a
language, `hint` those of HINT, `drawing` those that draw languages or examples, `suites` those
of list functions, `execution`
learned programs, `reduction` lambda terms, `verification` networks and properties, `specifying`
activation patterns, soundness, certificates and certified answers, `queries` SQL queries,
`problems` word problems, and `mathematics` questions of mathematics; `turns` runs jobs in this
process; `overview` lists all parts, and `command` reads the options.
"""
