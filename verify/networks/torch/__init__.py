"""Modules of torch as networks; the package `torch` itself is loaded with the modules in here."""
