"""What was sent and what became of it, in SQLite, shared by the processes of one person."""
