"""Negotiate: SPNEGO with Kerberos and NTLM inside, the parties, and what is tried with them."""
