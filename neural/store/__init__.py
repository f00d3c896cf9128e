"""What was trained, as files: safetensors files, and a JSON file beside each that describes it.

Kernels, modules and checkpoints are written and read here, and refused in the same words. To read
takes numpy alone.

Reading order: `tensors`, `files`.
"""
