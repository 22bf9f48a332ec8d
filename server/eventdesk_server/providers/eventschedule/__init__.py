"""The Event Schedule adapter."""
