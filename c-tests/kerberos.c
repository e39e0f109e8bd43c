/* Kerberos on a machine without a realm in reach: what is late, what is early, and which status
 * tells what is missing. Whole exchanges need a KDC: tests/peers has them. */
#include "party.h"

#ifndef _WIN32
#include <unistd.h>

static char folder[] = "/tmp/secur32-kerberos-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[256];
    FILE *file;
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "w");
    MUST(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void set_path(const char *variable, const char *prefix, const char *name)
{
    char value[256];
    snprintf(value, sizeof(value), "%s%s/%s", prefix, folder, name);
    MUST(setenv(variable, value, 1) == 0);
}

static void remove_file(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    CHECK(unlink(path) == 0);
}

/* A realm whose only KDC is a port that nobody listens on. */
static void make_machine(void)
{
    MUST(mkdtemp(folder) != NULL);
    write_file("krb5.conf", "[libdefaults]\n default_realm = NOWHERE.TEST\n"
                            " dns_lookup_kdc = false\n kdc_timeout = 1\n max_retries = 1\n"
                            "[realms]\n NOWHERE.TEST = {\n  kdc = 127.0.0.1:1\n"
                            "  admin_server = 127.0.0.1:1\n }\n");
    write_file("broken.conf", "[libdefaults]\n default_realm = NOWHERE.TEST\n[realms\n");
    set_path("KRB5_CONFIG", "", "krb5.conf");
    set_path("KRB5CCNAME", "FILE:", "no-such-cache");
    set_path("KRB5_KTNAME", "FILE:", "no-such-keytab");
    set_path("KRB5_CLIENT_KTNAME", "FILE:", "no-such-client-keytab");
    set_path("KRB5RCACHENAME", "file2:", "replays");
}

static SECURITY_STATUS take(CredHandle *credential, ULONG use, void *identity)
{
    return AcquireCredentialsHandleA(NULL, ASTR("Kerberos"), use, NULL, identity, NULL, NULL,
                                     credential, NULL);
}

static SECURITY_STATUS first_token(CredHandle *credential, const char *target)
{
    unsigned char room[4096];
    SecBuffer buffer = make_buffer(SECBUFFER_TOKEN, room, sizeof(room));
    SecBufferDesc output = make_desc(&buffer, 1);
    CtxtHandle context = make_handle(7, 9), before = context;
    ULONG attributes;
    SECURITY_STATUS status = InitializeSecurityContextA(
        credential, NULL, (SEC_CHAR *)target, ISC_REQ_MUTUAL_AUTH, 0, SECURITY_NATIVE_DREP, NULL, 0,
        &context, &output, &attributes, NULL);
    CHECK(status >= 0 || same_handle(&context, &before));
    return status;
}

static SECURITY_STATUS give_token(CredHandle *credential, const char *bytes, size_t length)
{
    unsigned char room[4096], token[64];
    SecBuffer in, out = make_buffer(SECBUFFER_TOKEN, room, sizeof(room));
    SecBufferDesc input, output = make_desc(&out, 1);
    CtxtHandle context;
    ULONG attributes;
    memcpy(token, bytes, length);
    in = make_buffer(SECBUFFER_TOKEN, token, length);
    input = make_desc(&in, 1);
    return AcceptSecurityContext(credential, NULL, &input, 0, SECURITY_NATIVE_DREP, &context,
                                 &output, &attributes, NULL);
}

static int last_error_has(const char *word)
{
    char text[1024];
    Secur32LastErrorText(text, sizeof(text));
    if (strstr(text, word) != NULL) return 1;
    fprintf(stderr, "the last error does not say %s: %s\n", word, text);
    return 0;
}

/* Credentials are had without any ticket; that there is none is found out with the first token. */
static void nothing_to_log_on_with(void)
{
    CredHandle credential;
    SecPkgCredentials_NamesA names;
    MUST_STATUS(take(&credential, SECPKG_CRED_OUTBOUND, NULL), SEC_E_OK);
    CHECK_STATUS(first_token(&credential, "HTTP/host.nowhere.test"), SEC_E_NO_CREDENTIALS);
    CHECK(last_error_has("no-such-cache"));
    CHECK_STATUS(first_token(&credential, NULL), SEC_E_TARGET_UNKNOWN);
    CHECK_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_CRED_ATTR_NAMES, &names),
                 SEC_E_NO_CREDENTIALS);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

static void nobody_answers(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, "NOWHERE.TEST", PASSWORD);
    CredHandle credential;
    SecPkgCredentials_NamesA names;
    MUST_STATUS(take(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_OK);
    CHECK_STATUS(first_token(&credential, "HTTP/host.nowhere.test"),
                 SEC_E_NO_AUTHENTICATING_AUTHORITY);
    CHECK(last_error_has("NOWHERE.TEST") && last_error_has("127.0.0.1"));
    MUST_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_CRED_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(strcmp(names.sUserName, USER "@NOWHERE.TEST") == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
    CHECK_STATUS(ChangeAccountPasswordA(ASTR("Kerberos"), ASTR("NOWHERE.TEST"), ASTR(USER),
                                        ASTR(PASSWORD), ASTR("another"), 0, 0, NULL),
                 SEC_E_NO_AUTHENTICATING_AUTHORITY);
    CHECK_STATUS(ChangeAccountPasswordA(ASTR("Kerberos"), NULL, NULL, ASTR(PASSWORD),
                                        ASTR("another"), 0, 0, NULL),
                 SEC_E_INVALID_PARAMETER);
}

static void no_keys(void)
{
    static const char rubbish[] = "\x60\x10no ticket at all";
    CredHandle credential;
    size_t length;
    MUST_STATUS(take(&credential, SECPKG_CRED_INBOUND, NULL), SEC_E_OK);
    for (length = 1; length < sizeof(rubbish); length++) {
        CHECK_STATUS(give_token(&credential, rubbish, length), SEC_E_INVALID_TOKEN);
    }
    CHECK_STATUS(first_token(&credential, "HTTP/host.nowhere.test"), SEC_E_UNKNOWN_CREDENTIALS);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

/* The proxy is remembered and, when it must be used, nobody is asked without it. */
static void proxy(void)
{
    static const char server[] = "proxy.nowhere.test";
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, "NOWHERE.TEST", PASSWORD);
    struct {
        SecPkgCredentials_KdcProxySettingsW settings;
        WCHAR text[sizeof(server) - 1];
    } block;
    CredHandle credential;
    size_t index;
    memset(&block, 0, sizeof(block));
    block.settings.Version = KDC_PROXY_SETTINGS_V1;
    block.settings.Flags = KDC_PROXY_SETTINGS_FLAGS_FORCEPROXY;
    block.settings.ProxyServerOffset = sizeof(block.settings);
    block.settings.ProxyServerLength = sizeof(block.text);
    for (index = 0; index < sizeof(server) - 1; index++) block.text[index] = (WCHAR)server[index];
    MUST_STATUS(take(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_OK);
    CHECK_STATUS(SetCredentialsAttributesW(&credential, SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS, &block,
                                           sizeof(block)),
                 SEC_E_OK);
    CHECK_STATUS(first_token(&credential, "HTTP/host.nowhere.test"),
                 SEC_E_NO_AUTHENTICATING_AUTHORITY);
    CHECK(last_error_has("NOWHERE.TEST") && last_error_has("proxy"));
    CHECK_STATUS(SetCredentialsAttributesW(&credential, SECPKG_CRED_ATTR_NAMES, &block,
                                           sizeof(block)),
                 SEC_E_UNSUPPORTED_FUNCTION);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

/* A broken krb5.conf is told with its line, and NTLM does not care. */
static void broken_configuration(void)
{
    CredHandle credential;
    set_path("KRB5_CONFIG", "", "broken.conf");
    MUST_STATUS(take(&credential, SECPKG_CRED_OUTBOUND, NULL), SEC_E_OK);
    CHECK_STATUS(first_token(&credential, "HTTP/host.nowhere.test"), SEC_E_INTERNAL_ERROR);
    CHECK(last_error_has("broken.conf") && last_error_has("line 3"));
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
    CHECK_STATUS(acquire(&credential, SECPKG_CRED_INBOUND, NULL), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

int main(void)
{
    make_machine();
    nothing_to_log_on_with();
    nobody_answers();
    no_keys();
    proxy();
    broken_configuration();
    remove_file("krb5.conf");
    remove_file("broken.conf");
    CHECK(rmdir(folder) == 0);
    return check_end();
}
#else
int main(void)
{
    return 0;
}
#endif
