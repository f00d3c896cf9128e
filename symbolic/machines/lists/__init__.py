"""Machines of lists and numbers: sorting, searching, arithmetic, learned list programs.

Reading order: `knockout`, `lanes`, `numbers`, `stepping`, `arithmetic`, `lists`,
`stepping_compiled`, `list_programs`, `searching`, `sorting`, `list_algorithms`, `list_jobs`.
"""
