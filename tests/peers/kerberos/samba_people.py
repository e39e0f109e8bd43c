"""Who is in the Samba domain."""

AES, RC4 = "24", "4"
USERS = {
    "alice": "Wonder-land-7", "bob": "Build-er-8", "svcaes": "Service-aes-1",
    "svcrc4": "Service-rc4-1", "svcold": "Service-old-1", "locked": "Locked-out-1",
    "mustchange": "Old-pass-1",
    # Changes its password in a test.
    "changer": "Before-it-1",
    # Whose password administrators set.
    "forgetful": "First-one-1",
}
# Without msDS-SupportedEncryptionTypes: the ticket is RC4, its session key AES.
OLD_SERVICE = "svc/old.ad.test"
# Service, whose account, and its msDS-SupportedEncryptionTypes.
SERVICES = {
    "svc/aes.ad.test": ("svcaes", AES), "svc/rc4.ad.test": ("svcrc4", RC4),
    OLD_SERVICE: ("svcold", None),
}
