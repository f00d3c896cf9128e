"""Scores of a predicted query against gold, as the official evaluator of Spider gives them.

They are what published tables have, and are no truth: exact set match refuses equal queries of
another form, and execution accepts different ones that agree on one database. `compare` of
`abduce.verify.queries` is the way to know.

Reading order: `tokens`, `clauses` are what exact set match sees of a query, `reading` makes them,
`exact_set` compares them; `execution` compares rows.
"""
