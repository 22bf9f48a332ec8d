"""HTTP towards the platforms: limits, retries, errors, redaction."""
