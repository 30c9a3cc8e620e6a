"""What all tests share."""

import os

from hypothesis import settings

# CI repeats itself exactly; a developer's runs keep looking for new examples, and `tests.deep` for many more.
settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("default", deadline=None)
settings.register_profile("deep", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))
