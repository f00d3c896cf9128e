"""Commands about word problems.

Reading order: `teaching` (a model is trained), `word_problem` (a problem is answered).
"""
