"""Refutation: attacks that search for counterexamples, and the court, which checks them by replay.

Reading order: `counterexample`, `gradients`, `attack`, `sampling`, `witness`, `looking`,
`confirming`.
"""
