"""The HeySummit adapter."""
