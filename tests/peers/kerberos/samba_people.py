"""Who is in the Samba domain."""

AES, RC4 = "24", "4"
# Bits of userAccountControl ([MS-ADTS] 2.2.16).
NORMAL_ACCOUNT = 0x200
TRUSTED_FOR_DELEGATION, NOT_DELEGATED = 0x80000, 0x100000
TRUSTED_TO_AUTH_FOR_DELEGATION = 0x1000000

USERS = {
    "alice": "Wonder-land-7", "bob": "Build-er-8", "svcaes": "Service-aes-1",
    "svcrc4": "Service-rc4-1", "svcold": "Service-old-1", "locked": "Locked-out-1",
    "mustchange": "Old-pass-1",
    # Changes its password in a test.
    "changer": "Before-it-1",
    # Whose password administrators set.
    "forgetful": "First-one-1",
    # Services that go on in their client's name: with S4U2Self for anyone, with tickets of clients
    # only, with their clients' own ticket-granting tickets.
    "svcs4u": "Service-s4u-1", "svckcd": "Service-kcd-1", "svcunc": "Service-unc-1",
    # In whose name nobody may go on.
    "guarded": "Guard-ed-1",
    # Who may not log on, whatever their password: too many wrong ones, an account that has ended, a
    # password that is too old, at no hour, from nowhere but a computer that is not there.
    "lockedout": "Too-many-1", "expired": "Is-over-1", "stale": "Very-old-1",
    "offhours": "Not-now-1", "elsewhere": "Not-here-1",
    # Must change its password, and does so in a test; whose password is changed by LSA's calls, and
    # has to be longer and more complex than others' (STRICT).
    "renewer": "Old-one-1", "keeper": "Kept-well-1",
    # Who has another user principal name than the account's.
    "rabbit": "White-one-1",
}
STRICT = "keeper"
STRICT_LENGTH = 10
# User principal names; their suffix is no realm.
UPNS = {"rabbit": "white.rabbit@wonder.test"}
# Without msDS-SupportedEncryptionTypes: the ticket is RC4, its session key AES.
OLD_SERVICE = "svc/old.ad.test"
# Service, whose account, and its msDS-SupportedEncryptionTypes.
SERVICES = {
    "svc/aes.ad.test": ("svcaes", AES), "svc/rc4.ad.test": ("svcrc4", RC4),
    OLD_SERVICE: ("svcold", None),
}
# Services that delegate, in the same form, the rest of their userAccountControl, and where to.
DELEGATING = {
    "svc/s4u.ad.test": (
        "svcs4u", AES, TRUSTED_TO_AUTH_FOR_DELEGATION, ("svc/aes.ad.test", "svc/rc4.ad.test")),
    "svc/kcd.ad.test": ("svckcd", AES, 0, ("svc/aes.ad.test",)),
    "svc/unc.ad.test": ("svcunc", AES, TRUSTED_FOR_DELEGATION, ()),
}
MUST_CHANGE = ("mustchange", "renewer")

# Groups: kind, gidNumber or None, who is in them. alice is in `readers` and so in `reviewers` and in
# `everywhere`, which is universal; in `locals`, which is domain-local, by herself.
GROUPS = {
    "readers": ("global", 20001, ("alice",)),
    "reviewers": ("global", 20002, ("readers", "bob")),
    "everywhere": ("universal", None, ("reviewers",)),
    "locals": ("domain-local", 20003, ("alice",)),
    "builders": ("global", 20004, ("bob",)),
}
# uidNumber and gidNumber (RFC 2307); the others have none.
UNIX = {"alice": (20101, 20100), "bob": (20102, 20100)}
DOMAIN_USERS_GID = 20100
