"""Refutation: attacks that search for counterexamples, and the court, which checks them by replay.

Reading order: `counterexample`, `gradients`, `attack`, `regions`, `sampling`, `witness`, `looking`,
`confirming`.
"""
