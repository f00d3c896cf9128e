"""Refutation: attacks that look for counterexamples, and the court that replays them.

Reading order: `counterexample`, `gradients`, `attack`, `sampling`, `witness`, `looking`,
`confirming`.
"""
