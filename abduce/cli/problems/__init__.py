"""Commands about models that write programs, and word problems.

Reading order: `decoders` (a model is trained), `teaching` of word problems and `sql_teaching` of
questions to SQL, `word_problem` (a problem is answered).
"""
