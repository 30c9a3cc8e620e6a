"""How many examples Hypothesis tries for one property."""

from hypothesis import settings


def examples(count: int, most: int | None = None) -> settings:
    """`count` examples in an ordinary run; the `deep` profile tries 50 times as many, but at most `most`."""
    found = max(1, settings().max_examples * count // 100)
    return settings(max_examples=found if most is None else min(found, most))
