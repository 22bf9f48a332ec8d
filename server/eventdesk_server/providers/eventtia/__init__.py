"""The Eventtia adapter."""
