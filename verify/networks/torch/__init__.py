"""Modules of torch as networks; the package `torch` itself is loaded with the modules in here.

Reading order: `exporting`, `constants` and `graph`, the module as a graph; `site`, an operation in
it; operations by their kind, `arithmetic`, `shaping`, `windows`; `checking` and `reading`.
"""
