"""Operators of ONNX by their kind, and what each is in operations of the network.

Reading order: `arithmetic`, `activations` and `gates`; `comparing`, truth values and what is chosen
by them; `masking`, entries of minus infinity; `shaping` and `scattering`, which move entries;
`windows`, `sampling` and `resizing`, images; `recurrent`; `casting` and `quantizing`; `folding` (of
constants).
"""
