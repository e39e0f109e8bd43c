"""The accounts of the domain, put into the database of a Samba DC that is not running.

usage: python3 -m kerberos.samba_domain DIRECTORY
"""

import pathlib
import sys

import ldb
import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
from samba import credentials, dsdb, param
from samba.auth import system_session
from samba.net import Net
from samba.samdb import SamDB

from .samba_dc import DNS, HOST
from .samba_people import (
    DELEGATING, DOMAIN_USERS_GID, GROUPS, MUST_CHANGE, NORMAL_ACCOUNT, NOT_DELEGATED, SERVICES,
    STRICT, STRICT_LENGTH, UNIX, UPNS, USERS,
)

BASE = "DC=ad,DC=test"
# In steps of 100 ns, the times since 1601; 2001-01-01.
DAY = 24 * 60 * 60 * 10_000_000
LONG_AGO = 126_227_808_000_000_000
GROUP_TYPES = {
    "global": dsdb.GTYPE_SECURITY_GLOBAL_GROUP, "universal": dsdb.GTYPE_SECURITY_UNIVERSAL_GROUP,
    "domain-local": dsdb.GTYPE_SECURITY_DOMAIN_LOCAL_GROUP,
}


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
    # Passwords last ten years: an archive may be old.
    change(database, BASE, minPwdLength="1", pwdProperties="0", minPwdAge="0",
           pwdHistoryLength="0", maxPwdAge=str(-3650 * DAY), lockoutDuration="0")
    for user, password in USERS.items():
        uid, gid = (str(n) for n in UNIX[user]) if user in UNIX else (None, None)
        database.newuser(
            user, password, force_password_change_at_next_login_req=user in MUST_CHANGE,
            uidnumber=uid, gidnumber=gid, uid=uid and user, loginshell=uid and "/bin/sh",
            unixhome=uid and f"/home/{user}",
        )
    for user, upn in UPNS.items():
        # Users without a service's name are no target for Samba's KDC, not even of user-to-user.
        change(database, account(user), userPrincipalName=upn,
               servicePrincipalName=f"svc/{user}.{DNS}")
    add_groups(database)
    add_services(database)
    restrict(database)
    # A DC that runs longer would add these itself.
    add(database, f"CN={HOST.upper()},OU=Domain Controllers,{BASE}", "servicePrincipalName",
        f"ldap/{HOST}.{DNS}", f"ldap/{HOST}.{DNS}/{DNS}")
    del database
    restrict_by_history(directory)
    export_keys(directory, Net(own, settings))


def add_groups(database):
    for name, (kind, gid, _) in GROUPS.items():
        database.newgroup(name, grouptype=GROUP_TYPES[kind], gidnumber=gid and str(gid))
    for name, (_, _, members) in GROUPS.items():
        database.add_remove_group_members(name, list(members))
    change(database, account("Domain Users"), gidNumber=str(DOMAIN_USERS_GID))


def add_services(database):
    for name, (user, enctypes, *delegation) in {**SERVICES, **DELEGATING}.items():
        values = {"servicePrincipalName": [name]}
        if enctypes:
            values["msDS_SupportedEncryptionTypes"] = enctypes
        if delegation:
            control, targets = delegation
            values["userAccountControl"] = str(NORMAL_ACCOUNT | control)
            if targets:
                values["msDS_AllowedToDelegateTo"] = list(targets)
        change(database, account(user), **values)


def restrict(database):
    database.disable_account("(sAMAccountName=locked)")
    change(database, account("guarded"), userAccountControl=str(NORMAL_ACCOUNT | NOT_DELEGATED))
    change(database, account("expired"), accountExpires=str(LONG_AGO))
    change(database, account("offhours"), logonHours=bytes(21))
    change(database, account("elsewhere"), userWorkstations="NOWHERE")
    settings = {
        "PasswordSettingsPrecedence": "1", "PasswordReversibleEncryptionEnabled": "FALSE",
        "PasswordHistoryLength": "0", "PasswordComplexityEnabled": "TRUE",
        "MinimumPasswordLength": str(STRICT_LENGTH), "MinimumPasswordAge": "0",
        "MaximumPasswordAge": str(-3650 * DAY), "LockoutThreshold": "0",
        "LockoutDuration": "0", "LockoutObservationWindow": "0", "PSOAppliesTo": account(STRICT),
    }
    database.add({
        "dn": f"CN=strict,CN=Password Settings Container,CN=System,{BASE}",
        "objectClass": "msDS-PasswordSettings",
        **{f"msDS-{name}": value for name, value in settings.items()},
    })


def restrict_by_history(directory):
    """What only the past does to an account: written below the modules that forbid it."""
    database = ldb.Ldb(str(directory / "private" / "sam.ldb.d" / f"{BASE.upper()}.ldb"))
    change(database, account("lockedout"), lockoutTime=str(LONG_AGO))
    change(database, account("stale"), pwdLastSet=str(LONG_AGO))


def export_keys(directory, net):
    """The keys of all services and of their accounts; the KDC's own."""
    accounts = [user for user, *_ in DELEGATING.values()]
    for name in (*SERVICES, *DELEGATING, *accounts):
        net.export_keytab(keytab=str(directory / "services.keytab"), principal=name)
    net.export_keytab(keytab=str(directory / "krbtgt.keytab"), principal="krbtgt")


def account(name):
    return f"CN={name},CN=Users,{BASE}"


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
