"""Refutation: attacks that search for counterexamples, and the court, which checks them by replay.

Reading order: `counterexample`, `gradients`, `waking`, `attack`, `regions`, `sampling`, `witness`,
`looking`, `confirming`.
"""
