"""The kernel of lambda terms: one step of reduction as the tables of a machine.

Reading order: `pairs`, `alignments`, `batches`, `step_kernel`, `reducing`.
"""
