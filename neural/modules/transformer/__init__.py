"""A Transformer that reduces lambda terms, token by token.

Reading order: `tokens`, `transformer`, `transformer_job`, `transformer_task`.
"""
