"""Identifiability: whether rows and their values tell which symbol is which.

Where symbols are only seen, as images are, nothing but the values says what each of them is. Where
a relabelling of the symbols leaves the value of every row as it is, no learner can choose.

Reading order: `rows`, `separating`, `categories`, `relabelling`, `identification`.

Source: Marconato et al. 2023, Not all neuro-symbolic concepts are created equal: analysis and
mitigation of reasoning shortcuts.
"""
