"""What was trained, as files: safetensors beside a JSON that says what they are.

Kernels, modules and checkpoints are written and read here, and refused in the same words. To read
takes numpy alone.

Reading order: `tensors`, `files`.
"""
