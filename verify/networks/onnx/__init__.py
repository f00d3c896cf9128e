"""Networks read from ONNX files.

Reading order: `messages` and `model`, the file; `signatures`, what is understood of each operator;
`types`; `building`, the network while it is read; operators by their kind, `arithmetic`,
`activations`, `gates`, `shaping`, `windows`, `resizing`, `recurrent`, `casting`, `folding` (of
constants); `simplifying`; `reading`, from a file to a network.
"""
