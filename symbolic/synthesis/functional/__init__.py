"""Functional programs from examples: integers, booleans, strings, lists, and functions of these.

    synthesise_function(examples, type, table, budget) -> FunctionFound | NoFunction

The primitives are a table, which may be the user's own. Programs are enumerated over columns of
values with observational equivalence, beside techniques that work back from the outputs. Reading
order: `types`, `primitives`, `terms`, `functions` (programs that run); the tables `numbers`,
`lists`, `strings`; `examples`, `budget`, `language` (what a search is made of); `enumerating`,
`techniques`, folders; `search`, `synthesise`, the verb; `library`, programs that others call, and
its file; `compressing`, libraries learned from programs; `distinguish`; `asking`, questions until
one program is left.

Source: Albarghouthi et al. 2013; Feser et al. 2015; Alur et al. 2017.
"""
