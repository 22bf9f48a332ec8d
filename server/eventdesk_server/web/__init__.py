"""Streamable HTTP for teams: who comes in, what they may use, and how the server is run."""
