"""Mutation testing: small wrong changes of the code that must not fail, each of which some test should notice."""
