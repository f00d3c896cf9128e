"""Commands about word problems.

Reading order: `teaching` (`train word-problem`), `word_problem` (a problem is answered).
"""
