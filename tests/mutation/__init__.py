"""Mutation testing: `python -m tests.mutation.run` (see there); its latest result is `result.json`."""
