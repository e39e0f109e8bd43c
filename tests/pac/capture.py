#!/usr/bin/env python3
"""Records tickets with PACs of a Samba AD DC and of MIT's KDC, and the keys that open and sign them.

    tests/peers/run --list >/dev/null      # makes the domain
    /usr/bin/python3 tests/pac_golden/capture.py target/peers/dc/dc.tar

It needs root (the DC has namespaces of its own). `NAME.ccache` are caches as kvno left them,
`NAME.keytab` has the keys of the services and of the KDC, `samba.sids` what the domain's database says
of alice. Names and keys are of realms that no longer exist.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))
from kerberos import mit_realm  # noqa: E402
from kerberos.samba_dc import Dc, DNS, REALM  # noqa: E402
from kerberos.samba_people import USERS  # noqa: E402

SERVICES = (f"svc/aes.{DNS}", f"svc/rc4.{DNS}", f"svc/old.{DNS}")


def tickets(cache, user, password, environment, *commands):
    """A cache of this user, and what kvno puts into it."""
    environment = {**os.environ, **environment, "KRB5CCNAME": f"FILE:{cache}"}
    subprocess.run(["kinit", user], input=password, text=True, check=True, env=environment,
                   stdout=subprocess.DEVNULL)
    for command in commands:
        subprocess.run(["kvno", "-q", *command], check=True, env=environment)
    cache.chmod(0o644)
    shutil.copy(cache, HERE / cache.name)


def samba(directory, archive):
    with Dc(archive, directory / "dc") as dc:
        dc.enter()
        environment = {"KRB5_CONFIG": str(dc.krb5_conf)}
        tickets(directory / "samba.ccache", "alice", USERS["alice"], environment, SERVICES)
        # alice in the name of svcs4u, which asked for her: with S4U_DELEGATION_INFO.
        tickets(directory / "samba-s4u.ccache", "svcs4u", USERS["svcs4u"], environment,
                ["-U", "alice", "-P", SERVICES[0]])
        record_domain(dc, directory)


def record_domain(dc, directory):
    import samba.dckeytab  # noqa: F401  (adds export_keytab to Net)
    from ldb import SCOPE_BASE
    from samba import credentials, param
    from samba.auth import system_session
    from samba.dcerpc import security
    from samba.ndr import ndr_unpack
    from samba.net import Net
    from samba.samdb import SamDB

    settings = param.LoadParm()
    settings.load(str(dc.smb_conf))
    own = credentials.Credentials()
    own.guess(settings)
    keytab = directory / "samba.keytab"
    shutil.copy(dc.keytab(), keytab)
    Net(own, settings).export_keytab(keytab=str(keytab), principal=f"krbtgt/{REALM}@{REALM}")
    shutil.copy(keytab, HERE / keytab.name)
    database = SamDB(settings.samdb_url(), session_info=system_session(), credentials=own,
                     lp=settings)
    base = f"CN=alice,CN=Users,{database.domain_dn()}"
    [alice] = database.search(base, SCOPE_BASE, attrs=["objectSid", "tokenGroups"])
    sids = [*alice["objectSid"], *alice["tokenGroups"]]
    text = "".join(f"{ndr_unpack(security.dom_sid, sid)}\n" for sid in sids)
    (HERE / "samba.sids").write_text(text)


def mit(directory):
    with mit_realm.Realm(directory / "mit") as realm:
        alice = mit_realm.ALICE
        tickets(directory / "mit.ccache", alice.name, alice.password, realm.environment(),
                [f"svc/{e.host}" for e in mit_realm.ENCTYPES])
        keytab = directory / "mit.keytab"
        names = [f"svc/{e.host}" for e in mit_realm.ENCTYPES]
        names.append(f"krbtgt/{mit_realm.REALM}")
        realm.admin(*(f"ktadd -norandkey -k {keytab} {name}" for name in names))
        shutil.copy(keytab, HERE / keytab.name)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="pac-capture-") as temporary:
        mit(pathlib.Path(temporary))
        samba(pathlib.Path(temporary), pathlib.Path(sys.argv[1]).resolve())
    for path in HERE.glob("*.keytab"):
        path.chmod(0o644)
