"""The evvnt adapter."""
