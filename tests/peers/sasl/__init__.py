"""SASL: GSSAPI and GSS-SPNEGO against Cyrus SASL and OpenLDAP."""
