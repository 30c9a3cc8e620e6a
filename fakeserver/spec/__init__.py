"""What the service's rules are, as data: nothing here acts, everything else obeys.

Every row carries the id of its rule and its evidence, so that an answer can always say
why it was given and how sure this project is of it.
"""
