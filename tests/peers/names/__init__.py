"""Names of users, computers and accounts."""
