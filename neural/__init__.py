"""What learns by gradient: kernels, small networks that are made exact and then proved.

Reading order: `store`, the files of what was trained; `kernels`; `training`, one loop for the
networks that are not proved; `perception`, images to symbols; `program_decoder`, texts to trees of
a grammar, and `word_problems` and `questions_to_sql`, its uses; and `modules`, the networks of the
literature.
"""
