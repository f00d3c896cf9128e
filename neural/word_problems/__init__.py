"""Word problems: from a text to an expression over its quantities, and to its exact value.

Reading order: `config`, `problem` (a text as a question of the decoder), `examples` (texts with
equations, for training), `training`, `answering`.
"""
