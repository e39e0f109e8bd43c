/* The interface as known programs call it, one function for each of their habits. */
#include "party.h"

/* A server that answers whatever a client sends; the client is what is tested. */
static struct party server;

static SECURITY_STATUS serve(const struct token *in, struct token *out)
{
    SECURITY_STATUS status = party_step(&server, in, out);
    if (status == SEC_E_LOGON_DENIED) end_context(&server);
    return status;
}

/*
 * .NET's NegotiateAuthentication: the size of tokens once, an encoded identity that is freed at
 * once, its own buffers, bindings behind the token, the credential dropped after the first leg,
 * sizes before each message, three buffers and compaction, streams on the way back.
 */
static void dotnet(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE identity = NULL;
    PSecPkgInfoW info;
    CredHandle credential;
    CtxtHandle context;
    struct token up, down;
    SecBuffer in[2], out;
    SecBufferDesc in_desc, out_desc = make_desc(&out, 1);
    SecPkgContext_NegotiationInfoW negotiation;
    ULONG max_token, attributes, legs = 0;
    TimeStamp expiry;
    SECURITY_STATUS status;
    const ULONG request = ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT |
                          ISC_REQ_SEQUENCE_DETECT | ISC_REQ_CONNECTION;

    MUST_STATUS(QuerySecurityPackageInfoW(WSTR("NTLM"), &info), SEC_E_OK);
    max_token = info->cbMaxToken;
    CHECK_STATUS(FreeContextBuffer(info), SEC_E_OK);
    MUST(max_token <= sizeof(up.bytes));
    MUST_STATUS(SspiEncodeStringsAsAuthIdentity(WIDE(USER), WIDE(DOMAIN), WIDE(PASSWORD),
                                                &identity),
                SEC_E_OK);
    MUST_STATUS(AcquireCredentialsHandleW(NULL, WSTR("NTLM"), SECPKG_CRED_OUTBOUND, NULL, identity,
                                          NULL, NULL, &credential, &expiry),
                SEC_E_OK);
    SspiFreeAuthIdentity(identity);
    down.length = 0;
    do {
        size_t count = 0;
        if (legs > 0) in[count++] = make_buffer(SECBUFFER_TOKEN, down.bytes, down.length);
        in_desc = make_desc(in, count);
        out = make_buffer(SECBUFFER_TOKEN, up.bytes, max_token);
        status = InitializeSecurityContextW(legs > 0 ? NULL : &credential,
                                            legs > 0 ? &context : NULL, WSTR("HTTP/server"),
                                            request, 0, SECURITY_NETWORK_DREP,
                                            count > 0 ? &in_desc : NULL, 0, &context, &out_desc,
                                            &attributes, &expiry);
        MUST(status == SEC_E_OK || status == SEC_I_CONTINUE_NEEDED);
        up.length = out.cbBuffer;
        if (legs == 0) CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
        CHECK(serve(&up, &down) == (legs == 0 ? SEC_I_CONTINUE_NEEDED : SEC_E_OK));
        legs++;
    } while (status == SEC_I_CONTINUE_NEEDED);
    CHECK(legs == 2);

    MUST_STATUS(QueryContextAttributesW(&context, SECPKG_ATTR_NEGOTIATION_INFO, &negotiation),
                SEC_E_OK);
    CHECK(wide_is(negotiation.PackageInfo->Name, "NTLM"));
    CHECK_STATUS(FreeContextBuffer(negotiation.PackageInfo), SEC_E_OK);

    for (legs = 0; legs < 3; legs++) {
        SecPkgContext_Sizes sizes;
        SecBuffer buffers[3];
        SecBufferDesc desc = make_desc(buffers, 3);
        unsigned char block[256], *data;
        ULONG qop;
        MUST_STATUS(QueryContextAttributesW(&context, SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
        data = block + sizes.cbSecurityTrailer;
        memcpy(data, "wrapped by NegotiateStream", 27);
        buffers[0] = make_buffer(SECBUFFER_TOKEN, block, sizes.cbSecurityTrailer);
        buffers[1] = make_buffer(SECBUFFER_DATA, data, 27);
        buffers[2] = make_buffer(SECBUFFER_PADDING, data + 27, sizes.cbBlockSize);
        CHECK_STATUS(EncryptMessage(&context, legs == 2 ? SECQOP_WRAP_NO_ENCRYPT : 0, &desc, 0),
                     SEC_E_OK);
        memmove(block + buffers[0].cbBuffer, data, buffers[1].cbBuffer);
        buffers[0] = make_buffer(SECBUFFER_STREAM, block, (size_t)buffers[0].cbBuffer + 27);
        buffers[1] = make_buffer(SECBUFFER_DATA, NULL, 0);
        desc.cBuffers = 2;
        CHECK_STATUS(DecryptMessage(&server.context, &desc, 0, &qop), SEC_E_OK);
        CHECK(buffers[1].BufferType == SECBUFFER_DATA);
        CHECK((unsigned char *)buffers[1].pvBuffer - block == 16 && buffers[1].cbBuffer == 27);
        CHECK(memcmp(buffers[1].pvBuffer, "wrapped by NegotiateStream", 27) == 0);
    }
    CHECK_STATUS(DeleteSecurityContext(&context), SEC_E_OK);
    end_context(&server);
}

/* .NET's server: names, the target, the client's token. */
static void dotnet_server(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    SecPkgContext_NamesW names;
    SecPkgContext_ClientSpecifiedTarget target;
    HANDLE token = FILLED(HANDLE);
    client.target = ASTR("HTTP/server");
    server.null_output = 0;
    MUST_STATUS(handshake(&client, &server), SEC_E_OK);
    MUST_STATUS(QueryContextAttributesW(&server.context, SECPKG_ATTR_NAMES, &names), SEC_E_OK);
    CHECK(wide_is(names.sUserName, DOMAIN "\\" USER));
    CHECK_STATUS(FreeContextBuffer(names.sUserName), SEC_E_OK);
    MUST_STATUS(
        QueryContextAttributesW(&server.context, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
        SEC_E_OK);
    CHECK(wide_is((SEC_WCHAR *)target.sTargetName, "HTTP/server"));
    CHECK_STATUS(FreeContextBuffer(target.sTargetName), SEC_E_OK);
    MUST_STATUS(QuerySecurityContextToken(&server.context, &token), SEC_E_OK);
    CHECK(token != NULL && token != FILLED(HANDLE));
    end_party(&client);
    end_context(&server);
    CHECK(CloseHandle(token));
    CHECK(!CloseHandle(token));
}

/*
 * curl: a plain identity, no bindings, one buffer each way of the advertised size, everything
 * freed whether it was ever made or not.
 */
static void curl(void)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = make_identity(USER, DOMAIN, PASSWORD);
    CredHandle never = make_handle(0, 0), credential;
    CtxtHandle no_context = make_handle(0, 0), context;
    struct token up, down;
    SecBuffer in = make_buffer(SECBUFFER_TOKEN, down.bytes, 0);
    SecBuffer out = make_buffer(SECBUFFER_TOKEN, up.bytes, 2888);
    SecBufferDesc in_desc = make_desc(&in, 1), out_desc = make_desc(&out, 1);
    ULONG attributes;
    CHECK_STATUS(AcquireCredentialsHandleA(NULL, ASTR("NoNTLM"), SECPKG_CRED_OUTBOUND, NULL,
                                           &identity, NULL, NULL, &never, NULL),
                 SEC_E_SECPKG_NOT_FOUND);
    CHECK_STATUS(FreeCredentialsHandle(&never), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(DeleteSecurityContext(&no_context), SEC_E_INVALID_HANDLE);

    MUST_STATUS(acquire(&credential, SECPKG_CRED_OUTBOUND, &identity), SEC_E_OK);
    MUST_STATUS(InitializeSecurityContextA(&credential, NULL, ASTR(""), 0, 0,
                                           SECURITY_NETWORK_DREP, NULL, 0, &context, &out_desc,
                                           &attributes, NULL),
                SEC_I_CONTINUE_NEEDED);
    up.length = out.cbBuffer;
    MUST_STATUS(serve(&up, &down), SEC_I_CONTINUE_NEEDED);
    in.cbBuffer = down.length;
    out.cbBuffer = 2888;
    MUST_STATUS(InitializeSecurityContextA(&credential, &context, ASTR(""), 0, 0,
                                           SECURITY_NETWORK_DREP, &in_desc, 0, &context, &out_desc,
                                           &attributes, NULL),
                SEC_E_OK);
    up.length = out.cbBuffer;
    CHECK_STATUS(serve(&up, &down), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&context), SEC_E_OK);
    CHECK_STATUS(FreeCredentialsHandle(&credential), SEC_E_OK);
    end_context(&server);
}

/* WinRM's clients: signature and data apart, no padding, lengths from the wire. */
static void winrm(void)
{
    struct pair pair;
    unsigned char wire[4 + 16 + 64];
    ULONG signature_length;
    SecBuffer buffers[2];
    SecBufferDesc desc = make_desc(buffers, 2);
    make_pair(&pair, ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_REPLAY_DETECT |
                         ISC_REQ_SEQUENCE_DETECT);
    memset(wire, 'w', sizeof(wire));
    buffers[0] = make_buffer(SECBUFFER_TOKEN, wire + 4, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, wire + 20, 64);
    CHECK_STATUS(EncryptMessage(&pair.client.context, 0, &desc, 0), SEC_E_OK);
    memcpy(wire, &buffers[0].cbBuffer, 4);
    memcpy(&signature_length, wire, 4);
    CHECK(signature_length == 16);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, wire + 4, signature_length);
    buffers[1] = make_buffer(SECBUFFER_DATA, wire + 4 + signature_length, 64);
    CHECK_STATUS(DecryptMessage(&pair.server.context, &desc, 0, NULL), SEC_E_OK);
    CHECK(wire[20] == 'w' && wire[83] == 'w');
    end_pair(&pair);
}

/*
 * libpq: allocated tokens, another phNewContext on every call of which it keeps the first, and
 * FreeContextBuffer of NULL.
 */
static void libpq(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    client.allocate = 1;
    client.other_variable = 1;
    client.request = 0;
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    CHECK_STATUS(FreeContextBuffer(NULL), SEC_E_OK);
    end_party(&client);
    end_context(&server);
}

/* serf and FreeRDP: an input that is there and empty; serf frees the token after the context. */
static void serf(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    SecBuffer in = make_buffer(SECBUFFER_TOKEN, NULL, 0), out = make_buffer(SECBUFFER_TOKEN, NULL, 0);
    SecBufferDesc in_desc = make_desc(&in, 1), out_desc = make_desc(&out, 1);
    client.allocate = 1;
    MUST_STATUS(party_call(&client, &client.context, &in_desc, &out_desc), SEC_I_CONTINUE_NEEDED);
    client.has_context = 1;
    end_party(&client);
    CHECK(out.cbBuffer > 0 && memcmp(out.pvBuffer, "NTLMSSP", 8) == 0);
    CHECK_STATUS(FreeContextBuffer(out.pvBuffer), SEC_E_OK);
}

/* JNA's and Waffle's: a full-size buffer of zeros on the first call. */
static void jna(void)
{
    static unsigned char zeros[12288];
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token up, down;
    SecBuffer in = make_buffer(SECBUFFER_TOKEN, zeros, sizeof(zeros));
    SecBuffer out = make_buffer(SECBUFFER_TOKEN, up.bytes, sizeof(up.bytes));
    SecBufferDesc in_desc = make_desc(&in, 1), out_desc = make_desc(&out, 1);
    MUST_STATUS(party_call(&client, &client.context, &in_desc, &out_desc), SEC_I_CONTINUE_NEEDED);
    client.has_context = 1;
    up.length = out.cbBuffer;
    CHECK_STATUS(serve(&up, &down), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    CHECK_STATUS(serve(&up, &down), SEC_E_OK);
    end_party(&client);
    end_context(&server);
}

/* Firefox: bindings before the token, flags as it likes them. */
static void firefox(void)
{
    struct {
        SEC_CHANNEL_BINDINGS head;
        char data[20];
    } bindings;
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    memset(&bindings, 0, sizeof(bindings));
    bindings.head.cbApplicationDataLength = 20;
    bindings.head.dwApplicationDataOffset = sizeof(bindings.head);
    memcpy(bindings.data, "tls-unique:012345678", 20);
    client.bindings = server.bindings = &bindings;
    client.bindings_length = server.bindings_length = sizeof(bindings);
    client.request = ISC_REQ_MUTUAL_AUTH;
    CHECK_STATUS(handshake(&client, &server), SEC_E_OK);
    server.bindings = NULL;
    end_party(&client);
    end_context(&server);
}

/* librdkafka: other flags on later calls; TOKEN, DATA, DATA, PADDING in one message. */
static void librdkafka(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token up, down;
    unsigned char token[16], padding[8], head[4] = {1, 0, 0, 0}, id[8] = "authzid";
    SecBuffer buffers[4];
    SecBufferDesc desc = make_desc(buffers, 4);
    MUST_STATUS(party_step(&client, NULL, &up), SEC_I_CONTINUE_NEEDED);
    MUST_STATUS(serve(&up, &down), SEC_I_CONTINUE_NEEDED);
    client.request = ISC_REQ_CONFIDENTIALITY | ISC_REQ_CONNECTION;
    MUST_STATUS(party_step(&client, &down, &up), SEC_E_OK);
    MUST_STATUS(serve(&up, &down), SEC_E_OK);
    buffers[0] = make_buffer(SECBUFFER_TOKEN, token, 16);
    buffers[1] = make_buffer(SECBUFFER_DATA, head, 4);
    buffers[2] = make_buffer(SECBUFFER_DATA, id, 8);
    buffers[3] = make_buffer(SECBUFFER_PADDING, padding, 8);
    CHECK_STATUS(EncryptMessage(&client.context, SECQOP_WRAP_NO_ENCRYPT, &desc, 0), SEC_E_OK);
    CHECK(buffers[0].cbBuffer == 16 && buffers[3].cbBuffer == 0);
    CHECK_STATUS(DecryptMessage(&server.context, &desc, 0, NULL), SEC_E_OK);
    CHECK(head[0] == 1 && memcmp(id, "authzid", 8) == 0);
    end_party(&client);
    end_context(&server);
}

/* Qt and openconnect end the credential before the context, PuTTY ends what never began. */
static void qt_and_putty(void)
{
    struct party client = make_client(USER, DOMAIN, PASSWORD);
    struct token token;
    SecHandle never = make_handle(0, 0);
    MUST_STATUS(party_step(&client, NULL, &token), SEC_I_CONTINUE_NEEDED);
    CHECK_STATUS(FreeCredentialsHandle(&client.credential), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&client.context), SEC_E_OK);
    CHECK_STATUS(DeleteSecurityContext(&never), SEC_E_INVALID_HANDLE);
    CHECK_STATUS(FreeCredentialsHandle(&never), SEC_E_INVALID_HANDLE);
}

/* MariaDB's server gives back what it never got. */
static void mariadb(void)
{
    SecBuffer on_the_stack = make_buffer(SECBUFFER_TOKEN, NULL, 0);
    CHECK_STATUS(FreeContextBuffer(&on_the_stack), SEC_E_INVALID_HANDLE);
    CHECK(on_the_stack.BufferType == SECBUFFER_TOKEN);
}

/* Microsoft's sample: the old name of a function, and no padding. */
static void microsoft(void)
{
    struct pair pair;
    make_pair(&pair, ISC_REQ_CONFIDENTIALITY);
    exchange_both(&pair);
    end_context(&pair.client);
    end_context(&pair.server);
    CHECK_STATUS(FreeCredentialHandle(&pair.client.credential), SEC_E_OK);
    CHECK_STATUS(FreeCredentialHandle(&pair.server.credential), SEC_E_OK);
}

/* Waffle: a wrong password is the server's to tell, and its next client is not touched. */
static void waffle(void)
{
    struct party wrong = make_client(USER, DOMAIN, "wrong");
    struct party right = make_client(USER, DOMAIN, PASSWORD);
    int round;
    for (round = 0; round < 3; round++) {
        CHECK_STATUS(handshake(&wrong, &server), SEC_E_LOGON_DENIED);
        end_context(&wrong);
        end_context(&server);
        CHECK_STATUS(handshake(&right, &server), SEC_E_OK);
        /* She has no account on this machine. */
        CHECK_STATUS(ImpersonateSecurityContext(&server.context), SEC_E_NO_IMPERSONATION);
        CHECK_STATUS(RevertSecurityContext(&server.context), SEC_E_OK);
        end_context(&right);
        end_context(&server);
    }
    end_party(&wrong);
    end_party(&right);
}

int main(void)
{
    server = make_server(USER, DOMAIN, PASSWORD);
    dotnet();
    dotnet_server();
    curl();
    winrm();
    libpq();
    serf();
    jna();
    firefox();
    librdkafka();
    qt_and_putty();
    mariadb();
    microsoft();
    waffle();
    end_party(&server);
    return check_end();
}
