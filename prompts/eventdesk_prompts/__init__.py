"""Prompts for organisers, and `load()`."""
