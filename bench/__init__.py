"""Measurements and campaigns: programs that run Eventdesk hard and say in figures what came of it. Nothing here is shipped."""
