"""The rules of the service as data, which the other packages implement.

Every row carries the id of its rule and its evidence, so an answer can always say why it was given and how
the rule is known.
"""
