"""Proofs of discrete kernels: finite tables case by case, automata for words of every length."""
