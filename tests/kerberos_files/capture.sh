#!/bin/sh
# Makes the files here anew, with MIT's programs and a throw-away realm.
set -eu
cd "$(dirname "$0")"
if [ "${1:-}" != inside ]; then
    export PYTHONPATH="$PWD/../peers" PYTHONDONTWRITEBYTECODE=1
    exec python3 -m kerberos.mit_realm run ./capture.sh inside
fi
export KRB5_KDC_PROFILE="$REALM_DIRECTORY/kdc.conf" PATH="$PATH:/usr/sbin"
rm -f v3.ccache v4.ccache mit.keytab
get() {
    echo Wonder-land-7 | kinit -c "$1" alice
    kvno -q -c "$1" svc/hops.mit.test
}
get v4.ccache
for name in svc/aes256sha1.mit.test svc/hops.mit.test svc/rc4.mit.test; do
    kadmin.local -r MIT.TEST -q "ktadd -norandkey -k mit.keytab $name"
done
# Leaves holes.
kadmin.local -r MIT.TEST -q "ktremove -k mit.keytab svc/hops.mit.test all"
kadmin.local -r MIT.TEST -q "ktadd -norandkey -k mit.keytab svc/aes128sha1.mit.test"
sed 's/^.libdefaults.$/&\n  ccache_type = 3/' "$KRB5_CONFIG" >"$REALM_DIRECTORY/v3.conf"
export KRB5_CONFIG="$REALM_DIRECTORY/v3.conf"
get v3.ccache
