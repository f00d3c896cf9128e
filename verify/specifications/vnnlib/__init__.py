"""VNN-LIB 1.0 and 2.0: read, evaluated at a point in rational arithmetic, and written.

Reading order: `text`, `writing`, `reader`, `exact`, `scalars`, `tensors`, `reading`.
"""
