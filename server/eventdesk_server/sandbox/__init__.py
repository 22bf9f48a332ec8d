"""Stand-ins for the five platforms, over SQLite. They share nothing with the adapters."""
