"""Kerberos: realms that the tests start themselves, the parties, and what is tried with them."""
