"""Makes a sam.ldb with the accounts of the tests in a directory of its own. No daemon is needed.

usage: samba_accounts.py DIRECTORY   (as any user)
"""

import logging
import os
import pathlib
import sys

from stage import ACCOUNTS, MACHINE_PASSWORD, SAMBA_REALM, SAMBA_WORKGROUP


def provision(directory):
    from samba.auth import system_session
    from samba.param import LoadParm
    from samba.provision import FILL_FULL
    from samba.provision import provision as provision_samba
    from samba.samdb import SamDB

    directory.mkdir(parents=True, exist_ok=True)
    # Samba takes the machine's smb.conf for a template: give it an empty one.
    empty = directory / "empty.conf"
    empty.write_text(f"[global]\nlog file = {directory}/log\n")
    os.environ["SMB_CONF_PATH"] = str(empty)
    settings = LoadParm()
    settings.load(str(empty))
    log = logging.getLogger("provision")
    log.setLevel(logging.ERROR)
    provision_samba(
        log, system_session(), lp=settings, targetdir=str(directory), samdb_fill=FILL_FULL,
        realm=SAMBA_REALM, domain=SAMBA_WORKGROUP, hostname="server", hostip="127.0.0.1",
        adminpass=MACHINE_PASSWORD, serverrole="standalone server", dns_backend="NONE",
        skip_sysvolacl=True,
    )
    made = LoadParm()
    made.load(str(directory / "etc" / "smb.conf"))
    database = SamDB(made.samdb_url(), session_info=system_session(), lp=made)
    for account in ACCOUNTS:
        database.newuser(account.user, account.password)


if __name__ == "__main__":
    provision(pathlib.Path(sys.argv[1]))
