"""Networks: read from ONNX (`onnx`) or torch (`torch`), and evaluated, also exactly.

Reading order: `convolution`, `network`, `evaluation`, `agreement`, `exact`.
"""
