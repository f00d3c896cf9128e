"""Certificates on the command line.

Reading order: `writing`, an option of the command that verifies; `check`, a command.
"""
