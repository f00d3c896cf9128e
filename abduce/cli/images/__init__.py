"""What `answer` says of images, beside the answer.

Reading order: `certifying`.
"""
