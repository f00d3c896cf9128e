"""What learns by gradient: kernels, small networks that are made exact and then proved.

Reading order: `store`, the files of what was trained; `kernels`; `training`, one loop for the
networks that are not proved; `perception`, images to symbols; and `modules`, the networks of the
literature.
"""
