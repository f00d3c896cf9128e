"""Proofs of exact objects: finite tables case by case, automata for words of every length.

Reading order: `product`, `bounded`, `counterexamples`.
"""
