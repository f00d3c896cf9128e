"""State tracking: linear recurrences with Householder products, on words of finite groups.

`delta_rule` has the recurrence and its chunked form, `model` the network around it, `groups` the
tables and the words, `tasks` what is trained. The proved counterpart is a kernel with the table.
`jobs` has what it can be asked: the states of a word.

Glossary of axes: batch, heads, time (tokens), turns (Householder factors of a token), keys, values.
"""
