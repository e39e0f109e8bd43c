"""The accounts of the domain, put into the database of a Samba DC that is not running.

usage: python3 -m kerberos.samba_domain DIRECTORY
"""

import pathlib
import sys

import ldb
import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
from samba import credentials, param
from samba.auth import system_session
from samba.net import Net
from samba.samdb import SamDB

from .samba_dc import DNS, HOST
from .samba_people import SERVICES, USERS

BASE = "DC=ad,DC=test"


def change(database, name, **values):
    message = ldb.Message(ldb.Dn(database, name))
    for key, value in values.items():
        key = key.replace("_", "-")
        message[key] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, key)
    database.modify(message)


def add(database, name, attribute, *values):
    message = ldb.Message(ldb.Dn(database, name))
    message[attribute] = ldb.MessageElement(list(values), ldb.FLAG_MOD_ADD, attribute)
    database.modify(message)


def main(directory):
    settings = param.LoadParm()
    settings.load(str(directory / "etc" / "smb.conf"))
    own = credentials.Credentials()
    own.guess(settings)
    database = SamDB(settings.samdb_url(), session_info=system_session(), credentials=own,
                     lp=settings)
    change(database, BASE, minPwdLength="1", pwdProperties="0", minPwdAge="0",
           pwdHistoryLength="0")
    for user, password in USERS.items():
        database.newuser(
            user, password, force_password_change_at_next_login_req=user == "mustchange"
        )
    database.disable_account("(sAMAccountName=locked)")
    for name, (user, enctypes) in SERVICES.items():
        values = {"servicePrincipalName": [name]}
        if enctypes:
            values["msDS_SupportedEncryptionTypes"] = enctypes
        change(database, f"CN={user},CN=Users,{BASE}", **values)
    # A DC that runs longer would add these itself.
    add(database, f"CN={HOST.upper()},OU=Domain Controllers,{BASE}", "servicePrincipalName",
        f"ldap/{HOST}.{DNS}", f"ldap/{HOST}.{DNS}/{DNS}")
    net = Net(own, settings)
    for name in SERVICES:
        net.export_keytab(keytab=str(directory / "services.keytab"), principal=name)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
