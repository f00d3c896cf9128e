"""Networks read from ONNX files.

Reading order: `messages` and `model`, the file; `signatures`, what is understood of each operator;
`types`; `building`, the network while it is read; `operators`, by their kind; `expanding`, what is
defined by other operators; `evaluating`, what is computed of constants alone; `simplifying`;
`reading`, from a file to a network.
"""
