"""The EventHQ adapter."""
