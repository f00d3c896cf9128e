"""Refutation: attacks that search for counterexamples, and the court, which checks them by replay.

Reading order: `counterexample`, `gradients`, `waking`, `attack`, `sampling`, `witness`, `looking`,
`confirming`.
"""
