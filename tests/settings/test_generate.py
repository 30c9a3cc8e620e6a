"""The sample configuration is what the generator makes now: after a change run `python -m
tests.settings.generate`.
"""

from tests.settings.generate import SAMPLE, sample


def test_the_sample_is_what_the_generator_makes_of_the_schema() -> None:
    assert SAMPLE.read_text("utf-8") == sample(), "run `python -m tests.settings.generate`"
