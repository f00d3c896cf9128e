"""Lexicons as JSON, checked whole when they are read.

Reading order: `data_spot`, which knows the place of a value in a file; `trust_data`, the counts of
evidence; `library_data`, the programs that others call; `lexicon_data`, the lexicon;
`lexicon_file`.
"""
