"""Exact objects and what runs them, and the grounded symbol system. Never imports torch.

Reading order: `databases`, schemas and their keys; `questions` about them; `unification`, of types;
`programs`, the exact objects; `machines`, which run them; `lambda_calculus`, terms and their normal
forms; `synthesis`, programs from examples; `nsr`, which learns by deduction and abduction.
"""
