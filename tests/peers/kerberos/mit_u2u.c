/* User-to-user with MIT's libkrb5, whose libgssapi has it not: what mit_u2u.py needs of the library.
 * Tokens, their frames and the per-message layouts are made there. Every function returns 0, or
 * -1 with the story in u2u_error(). */
#include <krb5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct u2u {
    krb5_context krb5;
    krb5_auth_context auth;
    krb5_ccache cache;
    krb5_keyblock *key;
    char error[256], client[256];
};

static int failed(struct u2u *u, krb5_error_code code, const char *what)
{
    const char *message;

    if (code == 0)
        return 0;
    message = krb5_get_error_message(u->krb5, code);
    snprintf(u->error, sizeof u->error, "%s: %s", what, message);
    krb5_free_error_message(u->krb5, message);
    return -1;
}

static int give(struct u2u *u, const krb5_data *data, unsigned char *out, size_t *size)
{
    if (data->length > *size) {
        snprintf(u->error, sizeof u->error, "%u bytes do not fit", data->length);
        return -1;
    }
    memcpy(out, data->data, data->length);
    *size = data->length;
    return 0;
}

static krb5_data data_of(const unsigned char *bytes, size_t size)
{
    krb5_data data = { KV5M_DATA, (unsigned)size, (char *)bytes };
    return data;
}

const char *u2u_error(const struct u2u *u)
{
    return u->error;
}

const char *u2u_client(const struct u2u *u)
{
    return u->client;
}

int u2u_open(struct u2u **out)
{
    struct u2u *u = calloc(1, sizeof *u);

    *out = u;
    if (failed(u, krb5_init_context(&u->krb5), "krb5_init_context") ||
        failed(u, krb5_cc_default(u->krb5, &u->cache), "krb5_cc_default") ||
        failed(u, krb5_auth_con_init(u->krb5, &u->auth), "krb5_auth_con_init"))
        return -1;
    krb5_auth_con_setflags(u->krb5, u->auth,
                           KRB5_AUTH_CONTEXT_DO_SEQUENCE | KRB5_AUTH_CONTEXT_USE_SUBKEY);
    return 0;
}

void u2u_close(struct u2u *u)
{
    krb5_free_keyblock(u->krb5, u->key);
    krb5_auth_con_free(u->krb5, u->auth);
    krb5_cc_close(u->krb5, u->cache);
    krb5_free_context(u->krb5);
    free(u);
}

static int own_tgt(struct u2u *u, krb5_creds *tgt)
{
    krb5_creds wanted;
    int code = -1;

    memset(&wanted, 0, sizeof wanted);
    if (!failed(u, krb5_cc_get_principal(u->krb5, u->cache, &wanted.client), "cache") &&
        !failed(u,
                krb5_build_principal(u->krb5, &wanted.server, wanted.client->realm.length,
                                     wanted.client->realm.data, "krbtgt",
                                     wanted.client->realm.data, NULL),
                "krb5_build_principal"))
        code = failed(u, krb5_cc_retrieve_cred(u->krb5, u->cache, 0, &wanted, tgt), "TGT");
    krb5_free_cred_contents(u->krb5, &wanted);
    return code;
}

/* ---- the accepting user ---- */

int u2u_tgt(struct u2u *u, unsigned char *out, size_t *size)
{
    krb5_creds tgt;
    int code;

    if (own_tgt(u, &tgt))
        return -1;
    code = give(u, &tgt.ticket, out, size);
    krb5_free_cred_contents(u->krb5, &tgt);
    return code;
}

/* AP-REQ to AP-REP. `flags` are those of the authenticator's checksum (RFC 4121 4.1.1). */
int u2u_accept(struct u2u *u, const unsigned char *in, size_t in_size, unsigned char *out,
               size_t *size, unsigned *flags)
{
    krb5_data request = data_of(in, in_size), reply;
    krb5_authenticator *authenticator;
    krb5_flags options;
    krb5_creds tgt;
    char *name;
    int code;

    if (own_tgt(u, &tgt))
        return -1;
    code = failed(u, krb5_auth_con_setuseruserkey(u->krb5, u->auth, &tgt.keyblock), "key") ||
           failed(u,
                  krb5_rd_req(u->krb5, &u->auth, &request, tgt.client, NULL, &options, NULL),
                  "krb5_rd_req");
    krb5_free_cred_contents(u->krb5, &tgt);
    if (code)
        return -1;
    if (!(options & AP_OPTS_USE_SESSION_KEY)) {
        snprintf(u->error, sizeof u->error, "the AP-REQ lacks USE-SESSION-KEY");
        return -1;
    }
    if (failed(u, krb5_auth_con_getauthenticator(u->krb5, u->auth, &authenticator), "auth"))
        return -1;
    *flags = 0;
    if (authenticator->checksum && authenticator->checksum->checksum_type == 0x8003 &&
        authenticator->checksum->length >= 24)
        memcpy(flags, authenticator->checksum->contents + 20, 4);
    if (!krb5_unparse_name(u->krb5, authenticator->client, &name)) {
        snprintf(u->client, sizeof u->client, "%s", name);
        krb5_free_unparsed_name(u->krb5, name);
    }
    krb5_free_authenticator(u->krb5, authenticator);
    if (failed(u, krb5_mk_rep(u->krb5, u->auth, &reply), "krb5_mk_rep"))
        return -1;
    code = give(u, &reply, out, size);
    krb5_free_data_contents(u->krb5, &reply);
    if (code)
        return -1;
    return failed(u, krb5_auth_con_getsendsubkey(u->krb5, u->auth, &u->key), "subkey");
}

/* ---- the user who asks ---- */

int u2u_request(struct u2u *u, const char *service, const unsigned char *tgt, size_t tgt_size,
                const unsigned char *checksum, size_t checksum_size, unsigned char *out,
                size_t *size)
{
    krb5_data in = data_of(checksum, checksum_size), request;
    krb5_creds wanted, *got = NULL;
    int code = -1;

    memset(&wanted, 0, sizeof wanted);
    if (failed(u, krb5_cc_get_principal(u->krb5, u->cache, &wanted.client), "cache") ||
        failed(u, krb5_parse_name(u->krb5, service, &wanted.server), "name"))
        return -1;
    wanted.second_ticket = data_of(tgt, tgt_size);
    if (!failed(u, krb5_get_credentials(u->krb5, KRB5_GC_USER_USER, u->cache, &wanted, &got),
                "krb5_get_credentials")) {
        krb5_auth_con_set_req_cksumtype(u->krb5, u->auth, 0x8003);
        code = failed(u,
                      krb5_mk_req_extended(u->krb5, &u->auth,
                                           AP_OPTS_MUTUAL_REQUIRED | AP_OPTS_USE_SESSION_KEY |
                                               AP_OPTS_USE_SUBKEY,
                                           &in, got, &request),
                      "krb5_mk_req_extended");
        if (!code) {
            code = give(u, &request, out, size);
            krb5_free_data_contents(u->krb5, &request);
        }
        krb5_free_creds(u->krb5, got);
    }
    wanted.second_ticket = data_of(NULL, 0);
    krb5_free_cred_contents(u->krb5, &wanted);
    return code;
}

/* The AP-REP; `own` says whether the other side chose the key. */
int u2u_reply(struct u2u *u, const unsigned char *in, size_t in_size, int *theirs)
{
    krb5_data reply = data_of(in, in_size);
    krb5_ap_rep_enc_part *part;

    if (failed(u, krb5_rd_rep(u->krb5, u->auth, &reply, &part), "krb5_rd_rep"))
        return -1;
    *theirs = part->subkey != NULL;
    krb5_free_ap_rep_enc_part(u->krb5, part);
    return failed(u,
                  *theirs ? krb5_auth_con_getrecvsubkey(u->krb5, u->auth, &u->key)
                          : krb5_auth_con_getsendsubkey(u->krb5, u->auth, &u->key),
                  "subkey");
}

/* ---- messages ---- */

int u2u_sequence(struct u2u *u, unsigned *local, unsigned *remote)
{
    krb5_int32 mine, theirs;

    if (failed(u, krb5_auth_con_getlocalseqnumber(u->krb5, u->auth, &mine), "sequence") ||
        failed(u, krb5_auth_con_getremoteseqnumber(u->krb5, u->auth, &theirs), "sequence"))
        return -1;
    *local = (unsigned)mine;
    *remote = (unsigned)theirs;
    return 0;
}

int u2u_key(struct u2u *u, unsigned char *out, size_t *size)
{
    krb5_data key = data_of(u->key->contents, u->key->length);
    return give(u, &key, out, size);
}

int u2u_enctype(const struct u2u *u)
{
    return u->key->enctype;
}

int u2u_encrypt(struct u2u *u, int usage, const unsigned char *in, size_t in_size,
                unsigned char *out, size_t *size)
{
    krb5_data plain = data_of(in, in_size);
    krb5_enc_data cipher;
    size_t needed;

    if (failed(u, krb5_c_encrypt_length(u->krb5, u->key->enctype, in_size, &needed), "length"))
        return -1;
    if (needed > *size)
        return -1;
    memset(&cipher, 0, sizeof cipher);
    cipher.ciphertext = data_of(out, needed);
    *size = needed;
    return failed(u, krb5_c_encrypt(u->krb5, u->key, usage, NULL, &plain, &cipher), "encrypt");
}

int u2u_decrypt(struct u2u *u, int usage, const unsigned char *in, size_t in_size,
                unsigned char *out, size_t *size)
{
    krb5_data plain = data_of(out, in_size);
    krb5_enc_data cipher;
    int code;

    if (in_size > *size)
        return -1;
    memset(&cipher, 0, sizeof cipher);
    cipher.enctype = u->key->enctype;
    cipher.ciphertext = data_of(in, in_size);
    code = failed(u, krb5_c_decrypt(u->krb5, u->key, usage, NULL, &cipher, &plain), "decrypt");
    *size = plain.length;
    return code;
}

int u2u_checksum(struct u2u *u, int usage, const unsigned char *in, size_t in_size,
                 unsigned char *out, size_t *size)
{
    krb5_data input = data_of(in, in_size), sum;
    krb5_checksum checksum;
    int code;

    if (failed(u, krb5_c_make_checksum(u->krb5, 0, u->key, usage, &input, &checksum), "checksum"))
        return -1;
    sum = data_of(checksum.contents, checksum.length);
    code = give(u, &sum, out, size);
    krb5_free_checksum_contents(u->krb5, &checksum);
    return code;
}
