"""Networks: read from ONNX (`onnx`) or torch (`torch`), and evaluated, also exactly.

Reading order: `functions` (nonlinearities, one file each), `convolution`, `network`, `evaluation`,
`agreement`, `exact`.
"""
