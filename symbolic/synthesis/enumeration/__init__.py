"""Enumeration: programs of a grammar by cost, evaluated at many points at once.

Reading order: `language`, a table of primitives as a grammar; `calling`, learned programs on
arrays; `columns`, the values of programs; `hashing`; `bank`, one program for each row of values.
"""
