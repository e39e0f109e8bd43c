/* The benchmark of MIT's GSSAPI library: with gss-ntlmssp, which it loads as a mechanism, or, with
 * BENCH_KERBEROS, with its own Kerberos. Accounts and keys come from where ours takes them.
 * BENCH_NEGOTIATE lets the two sides negotiate the mechanism by its SPNEGO. */
#include "bench.h"

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#ifdef BENCH_KERBEROS
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#endif
#include <stdlib.h>
#include <string.h>

struct pair {
    gss_ctx_id_t client, server;
};

struct message {
    gss_buffer_desc plain, sent, opened;
};

#ifdef BENCH_KERBEROS
#define MUTUAL GSS_C_MUTUAL_FLAG
static gss_OID_desc mechanism = { 9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" };
#else
#define MUTUAL 0
static gss_OID_desc mechanism = { 10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a" };
#endif
static gss_OID_desc spnego = { 6, "\x2b\x06\x01\x05\x05\x02" };
static gss_OID_set_desc mechanisms = { 1, &mechanism };
/* What credentials are acquired for, and contexts are made of. */
static gss_OID_desc *outer = &mechanism;
static gss_OID_set_desc outers = { 1, &mechanism };
static gss_cred_id_t client_credential, server_credential;
static gss_name_t target;

static void must(OM_uint32 major, OM_uint32 wanted, const char *what)
{
    if (major != wanted)
        bench_fail(what, major);
}

static gss_name_t name_of(const char *text, gss_OID type)
{
    gss_buffer_desc buffer = { strlen(text), (void *)(size_t)text };
    OM_uint32 minor;
    gss_name_t name;

    must(gss_import_name(&minor, &buffer, type, &name), GSS_S_COMPLETE, "gss_import_name");
    return name;
}

static void choose_outer(void)
{
    if (getenv("BENCH_NEGOTIATE"))
        outer = outers.elements = &spnego;
}

/* SPNEGO's credentials offer the one mechanism only. */
static void offer_mechanism(gss_cred_id_t credential)
{
    OM_uint32 minor;

    if (outer == &spnego)
        must(gss_set_neg_mechs(&minor, credential, &mechanisms), GSS_S_COMPLETE,
             "gss_set_neg_mechs");
}

#ifdef BENCH_KERBEROS
static void krb5_must(krb5_error_code code, const char *what)
{
    if (code)
        bench_fail(what, (unsigned long)code);
}

/* The tickets and the keys into memory, where nothing has to be read for a handshake. */
static void into_memory(void)
{
    krb5_context krb5;
    krb5_ccache file, memory;
    krb5_keytab keys, copy;
    krb5_kt_cursor cursor;
    krb5_keytab_entry entry;
    krb5_principal client;

    krb5_must(krb5_init_context(&krb5), "krb5_init_context");
    krb5_must(krb5_cc_default(krb5, &file), "krb5_cc_default");
    krb5_must(krb5_cc_get_principal(krb5, file, &client), "krb5_cc_get_principal");
    krb5_must(krb5_cc_resolve(krb5, "MEMORY:bench", &memory), "krb5_cc_resolve");
    krb5_must(krb5_cc_initialize(krb5, memory, client), "krb5_cc_initialize");
    krb5_must(krb5_cc_copy_creds(krb5, file, memory), "krb5_cc_copy_creds");
    krb5_must(krb5_kt_default(krb5, &keys), "krb5_kt_default");
    krb5_must(krb5_kt_resolve(krb5, "MEMORY:bench", &copy), "krb5_kt_resolve");
    krb5_must(krb5_kt_start_seq_get(krb5, keys, &cursor), "krb5_kt_start_seq_get");
    while (krb5_kt_next_entry(krb5, keys, &entry, &cursor) == 0) {
        krb5_must(krb5_kt_add_entry(krb5, copy, &entry), "krb5_kt_add_entry");
        krb5_free_keytab_entry_contents(krb5, &entry);
    }
    krb5_kt_end_seq_get(krb5, keys, &cursor);
    setenv("KRB5CCNAME", "MEMORY:bench", 1);
    setenv("KRB5_KTNAME", "MEMORY:bench", 1);
    /* They live as long as someone holds them: krb5, memory and copy stay. */
}

static void setup(void)
{
    OM_uint32 minor;

    if (!getenv("BENCH_SERVICE"))
        bench_fail("BENCH_SERVICE names no service", 0);
    if (getenv("BENCH_IN_MEMORY"))
        into_memory();
    choose_outer();
    target = name_of(getenv("BENCH_SERVICE"), (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME);
    must(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &outers, GSS_C_INITIATE,
                          &client_credential, NULL, NULL),
         GSS_S_COMPLETE, "gss_acquire_cred, client");
    must(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &outers, GSS_C_ACCEPT,
                          &server_credential, NULL, NULL),
         GSS_S_COMPLETE, "gss_acquire_cred, server");
    offer_mechanism(client_credential);
    offer_mechanism(server_credential);
}
#else
static void setup(void)
{
    gss_name_t user = name_of(BENCH_DOMAIN "\\" BENCH_USER, GSS_C_NT_USER_NAME);
    gss_buffer_desc password = { sizeof(BENCH_PASSWORD) - 1, BENCH_PASSWORD };
    OM_uint32 minor;

    choose_outer();
    target = name_of("host@bench", GSS_C_NT_HOSTBASED_SERVICE);
    must(gss_acquire_cred_with_password(&minor, user, &password, GSS_C_INDEFINITE, &outers,
                                        GSS_C_INITIATE, &client_credential, NULL, NULL),
         GSS_S_COMPLETE, "gss_acquire_cred_with_password");
    must(gss_acquire_cred(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &outers, GSS_C_ACCEPT,
                          &server_credential, NULL, NULL),
         GSS_S_COMPLETE, "gss_acquire_cred");
    offer_mechanism(client_credential);
    offer_mechanism(server_credential);
}
#endif

/* Whether the peer's next token is awaited. */
static int waits(OM_uint32 major, const char *what)
{
    if (major != GSS_S_COMPLETE && major != GSS_S_CONTINUE_NEEDED)
        bench_fail(what, major);
    return major == GSS_S_CONTINUE_NEEDED;
}

static int initialize(struct pair *pair, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor, flags = GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_REPLAY_FLAG |
                             GSS_C_SEQUENCE_FLAG | MUTUAL;
    return waits(gss_init_sec_context(&minor, client_credential, &pair->client, target, outer,
                                      flags, 0, GSS_C_NO_CHANNEL_BINDINGS, in, NULL, out, NULL,
                                      NULL),
                 "gss_init_sec_context");
}

static int accept_token(struct pair *pair, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 minor;
    return waits(gss_accept_sec_context(&minor, &pair->server, server_credential, in,
                                        GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, out, NULL, NULL,
                                        NULL),
                 "gss_accept_sec_context");
}

/* One side after the other, until both have what they want. */
static void *handshake(void)
{
    struct pair *pair = calloc(1, sizeof(*pair));
    gss_buffer_desc request = GSS_C_EMPTY_BUFFER, reply = GSS_C_EMPTY_BUFFER;
    int client_waits, server_waits = 1;
    OM_uint32 minor;

    for (;;) {
        client_waits = initialize(pair, &reply, &request);
        gss_release_buffer(&minor, &reply);
        if (client_waits || server_waits) {
            server_waits = accept_token(pair, &request, &reply);
        }
        gss_release_buffer(&minor, &request);
        if (!client_waits && !server_waits) {
            gss_release_buffer(&minor, &reply);
            return pair;
        }
    }
}

static void delete_pair(void *argument)
{
    struct pair *pair = argument;
    OM_uint32 minor;

    gss_delete_sec_context(&minor, &pair->client, GSS_C_NO_BUFFER);
    gss_delete_sec_context(&minor, &pair->server, GSS_C_NO_BUFFER);
    free(pair);
}

static void *new_batch(size_t size, unsigned count)
{
    struct message *batch = calloc(count, sizeof(*batch));
    unsigned i;
    size_t at;

    for (i = 0; i < count; i++) {
        unsigned char *bytes = malloc(size);
        for (at = 0; at < size; at++)
            bytes[at] = bench_byte(i, at);
        batch[i].plain.length = size;
        batch[i].plain.value = bytes;
    }
    return batch;
}

static void protect(void *argument, void *batch, unsigned index, int seal)
{
    struct pair *pair = argument;
    struct message *message = (struct message *)batch + index;
    OM_uint32 minor;

    if (seal)
        must(gss_wrap(&minor, pair->client, 1, GSS_C_QOP_DEFAULT, &message->plain, NULL,
                      &message->sent),
             GSS_S_COMPLETE, "gss_wrap");
    else
        must(gss_get_mic(&minor, pair->client, GSS_C_QOP_DEFAULT, &message->plain, &message->sent),
             GSS_S_COMPLETE, "gss_get_mic");
}

static void open_message(void *argument, void *batch, unsigned index, int seal)
{
    struct pair *pair = argument;
    struct message *message = (struct message *)batch + index;
    OM_uint32 minor;
    int sealed;

    if (seal)
        must(gss_unwrap(&minor, pair->server, &message->sent, &message->opened, &sealed, NULL),
             GSS_S_COMPLETE, "gss_unwrap");
    else
        must(gss_verify_mic(&minor, pair->server, &message->plain, &message->sent, NULL),
             GSS_S_COMPLETE, "gss_verify_mic");
}

static void release_protected(void *pair, void *batch, unsigned index, int seal)
{
    OM_uint32 minor;
    (void)pair, (void)seal;
    gss_release_buffer(&minor, &((struct message *)batch)[index].sent);
}

static void release_opened(void *pair, void *batch, unsigned index, int seal)
{
    OM_uint32 minor;
    (void)pair;
    if (seal)
        gss_release_buffer(&minor, &((struct message *)batch)[index].opened);
}

static void check(void *pair, void *batch, unsigned index, int seal)
{
    struct message *message = (struct message *)batch + index;

    (void)pair;
    if (seal && (message->opened.length != message->plain.length ||
                 memcmp(message->opened.value, message->plain.value, message->plain.length) != 0))
        bench_fail("a message came out as another", index);
}

const struct peer bench_peer = {
    setup,        handshake,         delete_pair,    new_batch, protect,
    open_message, release_protected, release_opened, check,
};
