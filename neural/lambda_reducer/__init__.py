"""The lambda reducer: one step of beta reduction, learned from terms and what comes after them.

`pairs` has the examples, `alignments` all that a machine could have done with one, `step_kernel`
the torch module, and `machine` runs what it learned: on long terms, many steps, by kernels.
"""
