"""In a domain: what the DC vouches for, and what a computer that has joined it does with that."""
