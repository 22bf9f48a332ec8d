"""What an assistant can do with events: records, tools, and the rules of safe writes. No MCP and no HTTP."""

__version__ = "0.1.0"
