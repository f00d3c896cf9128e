"""Exact reasoning: the grounded symbol system, deduction, abduction. Never imports torch."""
