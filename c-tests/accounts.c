/* The accounts file of NTLM_USER_FILE: what a server without an identity verifies against, and a
 * client's default credentials. */
#include "party.h"

#ifndef _WIN32
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/secur32-accounts-XXXXXX";

/* NTOWF of "Password" in an smbpasswd line, and flags as Samba writes them. */
#define NT_PASSWORD "A4F49C406510BDCAB6824EE7C30FD852"
#define NO_LM "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

/* Replaces the file. As an editor does: another file under the same name. */
static void write_accounts(const char *text)
{
    char draft[64];
    FILE *file;
    snprintf(draft, sizeof(draft), "%s.new", path);
    file = fopen(draft, "w");
    MUST(file != NULL);
    CHECK(fputs(text, file) >= 0);
    CHECK(fclose(file) == 0);
    CHECK(chmod(draft, 0600) == 0);
    CHECK(rename(draft, path) == 0);
}

static const char all_accounts[] =
    "# accounts of this test\n"
    "EXAMPLE:alice:correct horse\n"
    "EXAMPLE:colon:a:b:c\n"
    "OTHER:alice:another password\n"
    "EXAMPLE:blank:\n"
    "carol:1000:" NO_LM ":" NT_PASSWORD ":[U          ]:LCT-00000000:\n"
    "dave:1001:" NO_LM ":" NT_PASSWORD ":[DU         ]:LCT-00000000:\n"
    "erin:1002:" NO_LM ":" NO_LM ":[U          ]:LCT-00000000:\n"
    "EXAMPLE:Zo\xC3\xAB:p\xC3\xA4ssword\r\n"
    "no account\n";

/* What a server with the accounts of the file says to a client. */
static SECURITY_STATUS logs_on(const char *user, const char *domain, const char *password)
{
    struct party client = make_client(user, domain, password);
    struct party server = make_party(1, NULL);
    SECURITY_STATUS status = handshake(&client, &server);
    if (status == SEC_E_OK) exchange(&client.context, &server.context, "let in");
    end_party(&client);
    end_party(&server);
    return status;
}

static void known_accounts(void)
{
    static const char *const good[][3] = {
        {"alice", "EXAMPLE", "correct horse"}, {"ALICE", "example", "correct horse"},
        {"alice", "OTHER", "another password"}, {"colon", "EXAMPLE", "a:b:c"},
        {"carol", "ANY", "Password"},           {"carol", "", "Password"},
        {"colon", "", "a:b:c"},                 {"zo\xC3\xAB", "EXAMPLE", "p\xC3\xA4ssword"},
        {"colon@EXAMPLE", "", "a:b:c"},
    };
    static const char *const bad[][3] = {
        {"alice", "EXAMPLE", "another password"}, {"alice", "OTHER", "correct horse"},
        {"alice", "THIRD", "correct horse"},      {"alice", "", "correct horse"},
        {"nobody", "EXAMPLE", "correct horse"},   {"carol", "ANY", "password"},
        {"dave", "ANY", "Password"},              {"erin", "ANY", ""},
        {"erin", "ANY", "Password"},              {"blank", "EXAMPLE", ""},
        {"no account", "", ""},                   {"colon", "EXAMPLE", "a"},
        {"alice ", "EXAMPLE", "correct horse"},   {"# accounts of this test", "", ""},
    };
    size_t index;
    for (index = 0; index < sizeof(good) / sizeof(good[0]); index++) {
        const char *const *account = good[index];
        if (!CHECK_STATUS(logs_on(account[0], account[1], account[2]), SEC_E_OK)) {
            fprintf(stderr, "%s\\%s\n", account[1], account[0]);
        }
    }
    for (index = 0; index < sizeof(bad) / sizeof(bad[0]); index++) {
        const char *const *account = bad[index];
        if (!CHECK_STATUS(logs_on(account[0], account[1], account[2]), SEC_E_LOGON_DENIED)) {
            fprintf(stderr, "%s\\%s\n", account[1], account[0]);
        }
    }
}

/* An account that a server brings counts beside the file. */
static void beside_the_file(void)
{
    struct party server = make_server("guest", "HERE", "brought along");
    struct party client = make_client("guest", "HERE", "brought along");
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_party(&client);
    end_context(&server);
    client = make_client("alice", "EXAMPLE", "correct horse");
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_party(&client);
    end_context(&server);
    client = make_client("guest", "HERE", "correct horse");
    CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
    end_party(&client);
    end_party(&server);
    CHECK_STATUS(logs_on("guest", "HERE", "brought along"), SEC_E_LOGON_DENIED);
}

/* A client without an identity: the first line, or the one that fits the target. */
static void default_credentials(void)
{
    static const char *const targets[][2] = {
        {NULL, "EXAMPLE\\alice"},
        {"HTTP/other.corp.test", "OTHER\\alice"},
        {"HTTP/nowhere.corp.test", "EXAMPLE\\alice"},
    };
    SEC_WINNT_AUTH_IDENTITY_EXA filter;
    size_t index;
    for (index = 0; index < 4; index++) {
        struct party server = make_party(1, NULL), client;
        SecPkgContext_NamesA names;
        const char *const *expected = targets[index % 3];
        if (index < 3) {
            client = make_party(0, NULL);
        } else {
            /* As the JDK: an identity with nothing but a list of packages is the default one. */
            memset(&filter, 0, sizeof(filter));
            filter.Version = SEC_WINNT_AUTH_IDENTITY_VERSION;
            filter.Length = sizeof(filter);
            filter.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI;
            filter.PackageList = (unsigned char *)"Kerberos";
            filter.PackageListLength = 8;
            client = make_party(0, &filter);
        }
        client.request = SIGNED_AND_SEALED;
        client.target = ASTR(expected[0]);
        MUST_STATUS(handshake(&client, &server), SEC_E_OK);
        MUST_STATUS(QueryContextAttributesA(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
        CHECK(strcmp(names.sUserName, expected[1]) == 0);
        CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
        exchange(&client.context, &server.context, "with the default account");
        end_party(&client);
        end_party(&server);
    }
}

static void default_names(void)
{
    struct party client = make_party(0, NULL);
    SecPkgCredentials_NamesA names;
    CredHandle credential;
    CHECK_STATUS(QueryCredentialsAttributesA(&client.credential, SECPKG_CRED_ATTR_NAMES, &names),
                 SEC_E_OK);
    CHECK(strcmp(names.sUserName, "EXAMPLE\\alice") == 0);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    end_party(&client);
    /* A principal that is the default one, as MongoDB's driver names it. */
    MUST_STATUS(AcquireCredentialsHandleA(ASTR("EXAMPLE\\alice"), ASTR("NTLM"),
                                          SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                          &credential, NULL),
                SEC_E_OK);
    CHECK_STATUS(QueryCredentialsAttributesA(&credential, SECPKG_CRED_ATTR_NAMES, &names),
                 SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
}

/* A running server sees what changes, with the credential that it has. */
static void changes(void)
{
    struct party server = make_party(1, NULL);
    struct party client = make_client("new", "EXAMPLE", "arrival");
    CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
    end_context(&client);
    end_context(&server);
    write_accounts("EXAMPLE:new:arrival\n");
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    end_context(&client);
    end_context(&server);
    write_accounts("EXAMPLE:new:changed\n");
    CHECK_STATUS(handshake(&client, &server), SEC_E_LOGON_DENIED);
    end_context(&client);
    end_context(&server);
    CHECK(unlink(path) == 0);
    CHECK(handshake(&client, &server) < 0);
    end_party(&client);
    end_party(&server);
}

/* No file, no account: clients fail when they must prove something, servers always refuse. */
static void nothing_there(void)
{
    struct party client = make_party(0, NULL), server = make_server(USER, DOMAIN, PASSWORD);
    struct token up, down;
    MUST_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(party_step(&server, &up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(party_step(&client, &down, &up), SEC_E_NO_CREDENTIALS);
    end_party(&client);
    end_party(&server);
    client = make_client(USER, DOMAIN, PASSWORD);
    server = make_party(1, NULL);
    CHECK(handshake(&client, &server) < 0);
    end_party(&client);
    end_party(&server);
}

int main(void)
{
    int file = mkstemp(path);
    MUST(file >= 0 && close(file) == 0);
    MUST(setenv("NTLM_USER_FILE", path, 1) == 0);
    MUST(unsetenv("LM_COMPAT_LEVEL") == 0 && unsetenv("SECUR32_CONFIG") == 0);
    write_accounts(all_accounts);
    known_accounts();
    beside_the_file();
    default_credentials();
    default_names();
    changes();
    nothing_there();
    MUST(unsetenv("NTLM_USER_FILE") == 0);
    nothing_there();
    return check_end();
}
#else
int main(void)
{
    puts("an accounts file is Linux's");
    return 0;
}
#endif
