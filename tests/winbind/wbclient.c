/* A libwbclient that says whatever FAKE_WBC tells it to: also what no winbindd says. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sid {
    uint8_t revision, count, authority[6];
    uint32_t numbers[15];
};
struct sid_with_attributes {
    struct sid sid;
    uint32_t attributes;
};
struct params {
    const char *account, *domain, *workstation;
    uint32_t flags, control;
    int level;
    struct {
        uint8_t challenge[8];
        uint32_t nt_length;
        uint8_t *nt;
        uint32_t lm_length;
        uint8_t *lm;
    } response;
};
struct info {
    uint32_t user_flags;
    char *account, *upn, *full_name, *domain, *dns_domain;
    uint32_t account_flags;
    uint8_t session_key[16], lm_key[8];
    uint16_t logon_count, bad_count;
    uint64_t logon, logoff, kickoff, last_set, can_change, must_change;
    char *logon_server, *script, *profile, *home, *drive;
    uint32_t sid_count;
    struct sid_with_attributes *sids;
};
struct error {
    uint32_t status;
    char *text;
    int32_t pam;
    char *display;
    uint8_t authoritative;
};
struct details {
    uint32_t version;
    char *winbind;
    char separator;
    char *name, *domain, *dns;
};

enum { SUCCESS = 0, NOT_AVAILABLE = 6, AUTH_ERROR = 10, UNKNOWN_USER = 11 };

/* What was given out and not given back. */
static struct info *living;

static const char *mode(void) {
    const char *said = getenv("FAKE_WBC");
    return said ? said : "good";
}

static int is(const char *name) { return strcmp(mode(), name) == 0; }

static void must(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "libwbclient of the tests: %s\n", what);
        abort();
    }
}

void *wbcCtxCreate(void) { return is("no-context") ? NULL : malloc(1); }
void wbcCtxFree(void *context) { free(context); }
const char *wbcErrorString(int code) { return code == NOT_AVAILABLE ? "NOT_AVAILABLE" : NULL; }

void wbcFreeMemory(void *memory) {
    static const uint8_t zeros[24];
    must(memory != NULL, "NULL was given back");
    if (memory == living) {
        must(memcmp(living->session_key, zeros, 24) == 0, "keys were not wiped");
        free(living->sids);
        living = NULL;
    }
    free(memory);
}

int wbcCtxInterfaceDetails(void *context, struct details **given) {
    must(context != NULL, "no context");
    if (is("gone"))
        return NOT_AVAILABLE;
    struct details *details = calloc(1, sizeof *details);
    if (!is("alone")) {
        details->name = "FAKEBOX";
        details->domain = "FAKEDOM";
    }
    *given = details;
    return SUCCESS;
}

static struct sid_with_attributes account_sid(uint32_t rid) {
    struct sid_with_attributes one = {
        {1, 5, {0, 0, 0, 0, 0, 5}, {21, 1, 2, 3, rid}}, rid > 1000 ? 7 : 0};
    return one;
}

static struct info *somebody(const struct params *params) {
    struct info *info = calloc(1, sizeof *info);
    info->account = is("no-name") ? NULL : is("bad-text") ? "al\xff" "ce" : (char *)params->account;
    info->domain = is("no-domain") ? "" : "FAKEDOM";
    info->user_flags = is("guest") ? 0x101 : 0x120;
    info->logon_server = "FAKEDC";
    const char *key = getenv("FAKE_KEY");
    for (int i = 0; key && i < 16 && !is("no-key"); i++)
        sscanf(key + 2 * i, "%2hhx", &info->session_key[i]);
    info->sid_count = 4;
    info->sids = calloc(4, sizeof *info->sids);
    uint32_t rids[] = {1104, 513, 1110, 1111};
    for (int i = 0; i < 4; i++)
        info->sids[i] = account_sid(rids[i]);
    if (is("no-sids"))
        info->sid_count = 0;
    if (is("endless-sids"))
        info->sid_count = UINT32_MAX;
    if (is("null-sids")) {
        free(info->sids);
        info->sids = NULL;
    }
    if (is("long-sid"))
        info->sids[2].sid.count = 16;
    if (is("new-sid"))
        info->sids[0].sid.revision = 2;
    living = info;
    return info;
}

int wbcCtxAuthenticateUserEx(void *context, const struct params *params, struct info **info,
                             struct error **error) {
    must(!is("not-asked"), "somebody asked");
    must(context && params->level == 3 && params->account && params->domain[0], "what is this?");
    must(params->response.nt_length > 16 || params->response.lm_length == 24, "no answer");
    must(!params->response.nt_length == !params->response.nt, "a length without data");
    must(!params->response.lm_length == !params->response.lm, "a length without data");
    if (is("gone"))
        return NOT_AVAILABLE;
    if (strncmp(mode(), "code:", 5) == 0)
        return atoi(mode() + 5);
    if (strncmp(mode(), "status:", 7) == 0) {
        *error = calloc(1, sizeof **error);
        (*error)->status = (uint32_t)strtoul(mode() + 7, NULL, 16);
        return AUTH_ERROR;
    }
    if (is("silent"))
        sleep(600);
    if (is("no-info"))
        return SUCCESS;
    if (is("no-error"))
        return AUTH_ERROR;
    *info = somebody(params);
    /* Says no, and gives all the same. */
    return is("two-tongues") ? AUTH_ERROR : SUCCESS;
}

int wbcCtxGetpwsid(void *context, struct sid *sid, void **entry) {
    (void)context, (void)sid, (void)entry;
    return UNKNOWN_USER;
}

int wbcCtxSidsToUnixIds(void *context, const struct sid *sids, uint32_t count, uint64_t *ids) {
    (void)context, (void)sids;
    memset(ids, 0, count * sizeof *ids);
    return SUCCESS;
}
