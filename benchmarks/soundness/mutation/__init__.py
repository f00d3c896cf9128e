"""Faults planted in Abduce's own verifier, and the audit that has to notice them.

An operator changes one place of the source as a slip would: a rounding term dropped, two ends
exchanged, a refusal left out. Every changed program is run on the audit, in a process of its own;
the files of the package stay as they are.

Reading order: `operators`, `mutants`, `material`, `audit`, `running`.
"""
