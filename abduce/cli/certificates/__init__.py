"""Certificates on the command line.

Reading order: `writing`, the option `--certificate` of `verify`; `check`, the command.
"""
