"""The rules of the service as data. Nothing here acts; everything else follows it.

Every row carries the id of its rule and its evidence, so an answer can always say why it was given and how
the rule is known.
"""
