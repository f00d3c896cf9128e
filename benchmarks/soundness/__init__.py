"""Tests of verifiers: instances that have a known counterexample, which a wrong verifier 'proves'.

An instance is an ONNX network, a VNN-LIB property and an input that violates it, checked in
onnxruntime. A verifier that says unsat has a fault. The kinds differ in what they look for:
a network read wrongly (`reader_traps`, `type_traps`), a property read wrongly (`property_traps`),
rounding that bounds do not count (`rounding_traps`), and a search that gives up parts of the domain
(`needles`).

Reading order: `planted`, `replaying`, `graphs`, `misreadings`, `reader_traps`, `type_traps`,
`property_traps`, `rounding_traps`, `architectures`, `needles`, `making`; then `judging`, which runs
a verifier on them, `records` and `table`.
"""
