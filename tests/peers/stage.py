"""The people of the play, known to every server."""

from party import Account

SAMBA_WORKGROUP = "PEERS"
SAMBA_REALM = "PEERS.TEST"
MACHINE_PASSWORD = "Machine-pass-1"

ALICE = Account("PEERS", "alice", "Wonder-land-7")
BOB = Account("PEERS", "Bob", "Build-er-8")
# Upper-casing and UTF-16 outside ASCII, and a name in another script.
ZOE = Account("PEERS", "zoë", "Gänse-füßchen-9")
IVAN = Account("PEERS", "иван", "Пароль-с-буквами-3")
LONG = Account("PEERS", "longwinded", "Aa1-" + "every good boy deserves fudge " * 3)
ACCOUNTS = (ALICE, BOB, ZOE, IVAN, LONG)
NOBODY = Account("PEERS", "nobody-here", "Wonder-land-7")
