"""Techniques: ways to find the outputs among programs that are not enumerated one by one.

Each is a class with one method: `look`, called when the bank has the programs of one more cost.
Reading order: `kept`, the programs of the bank and pairs of them; `covers`, conditionals; `steps`
and `iterating`, iterations over numbers; `list_steps` and `list_iterating`, over lists; `oracle`,
recursion from one example to the next; `composing`, lists put together.
"""
