"""The default season: events, people and sales made from a fixed seed, relative to the sandbox clock."""
