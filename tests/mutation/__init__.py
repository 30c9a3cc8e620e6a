"""Mutation testing: `python -m tests.mutation.run`. Its latest result is `result.json`."""
