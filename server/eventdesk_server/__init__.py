"""How it is done: MCP, HTTP, storage, settings, command line."""
