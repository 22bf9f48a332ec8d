"""`eventdesk accounts`: a person connects platforms, sees whether they work, and takes them out again."""
