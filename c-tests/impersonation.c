/* Acting as a client: a server's threads, its children, the files that they touch. Needs root, and
 * says so loudly where it is not: then the test is skipped, and fails where CI is set. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "party.h"

#include <secur32_token.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Accounts that every machine has, for EXAMPLE\alice and EXAMPLE\bob. */
#define ALICE "daemon"
#define BOB "bin"

enum { SKIPPED = 77, ROUNDS = 500 };

extern char **environ;

static char folder[] = "/tmp/secur32-impersonation-XXXXXX";
static char hers[64];
static uid_t alice_id, bob_id;

struct client {
    struct party client, server;
};

static void log_on(struct client *client, const char *user)
{
    client->client = make_client(user, DOMAIN, PASSWORD);
    client->server = make_server(user, DOMAIN, PASSWORD);
    MUST_STATUS(handshake(&client->client, &client->server), SEC_E_OK);
}

static void log_off(struct client *client)
{
    end_party(&client->client);
    end_party(&client->server);
}

static int can_read(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) close(file);
    return file >= 0;
}

static int exit_code(pid_t child)
{
    int status = -1;
    MUST(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Files made, read and refused; nested calls; a context that goes. */
static void one_thread(CtxtHandle *alice, CtxtHandle *bob)
{
    struct stat made;
    int file;
    CHECK_STATUS(RevertSecurityContext(alice), SEC_E_OK);
    MUST_STATUS(ImpersonateSecurityContext(alice), SEC_E_OK);
    CHECK(geteuid() == alice_id && getuid() == 0);
    file = open(hers, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    MUST(file >= 0 && fstat(file, &made) == 0);
    CHECK(made.st_uid == alice_id && made.st_gid == getegid());
    close(file);
    CHECK(!can_read("/etc/shadow") && errno == EACCES);
    MUST_STATUS(ImpersonateSecurityContext(bob), SEC_E_OK);
    CHECK(geteuid() == bob_id && !can_read(hers) && errno == EACCES);
    CHECK_STATUS(RevertSecurityContext(alice), SEC_E_OK);
    CHECK(geteuid() == 0 && can_read(hers) && can_read("/etc/shadow"));
}

/* A token does as well as its context. */
static void a_token(CtxtHandle *alice)
{
    HANDLE token = NULL;
    MUST_STATUS(QuerySecurityContextToken(alice, &token), SEC_E_OK);
    CHECK(Secur32ImpersonateLoggedOnUser(token) && geteuid() == alice_id);
    CHECK(Secur32CloseHandle(token) && geteuid() == alice_id);
    CHECK(!Secur32ImpersonateLoggedOnUser(token) && geteuid() == alice_id);
    CHECK(Secur32GetLastError() == ERROR_INVALID_HANDLE);
    CHECK(Secur32RevertToSelf() && geteuid() == 0 && Secur32RevertToSelf());
}

struct task {
    CtxtHandle *context;
    uid_t id;
    long wrong;
};

static void *many_times(void *pointer)
{
    struct task *task = (struct task *)pointer;
    int round;
    for (round = 0; round < ROUNDS; round++) {
        if (task->context == NULL) {
            task->wrong += geteuid() != 0 || !can_read(hers);
            continue;
        }
        task->wrong += ImpersonateSecurityContext(task->context) != SEC_E_OK;
        task->wrong += geteuid() != task->id || can_read(hers) != (task->id == alice_id);
        task->wrong += RevertSecurityContext(task->context) != SEC_E_OK;
        task->wrong += geteuid() != 0 || !can_read("/etc/shadow");
    }
    return NULL;
}

/* Four clients, two of them the same, and two threads that serve themselves. */
static void threads(CtxtHandle *alice, CtxtHandle *bob)
{
    struct task tasks[6];
    pthread_t running[6];
    int index;
    memset(tasks, 0, sizeof(tasks));
    for (index = 0; index < 4; index++) {
        tasks[index].context = index % 2 == 0 ? alice : bob;
        tasks[index].id = index % 2 == 0 ? alice_id : bob_id;
    }
    for (index = 0; index < 6; index++)
        MUST(pthread_create(&running[index], NULL, many_times, &tasks[index]) == 0);
    for (index = 0; index < 6; index++) {
        MUST(pthread_join(running[index], NULL) == 0);
        CHECK(tasks[index].wrong == 0);
    }
}

static void *end_as_client(void *pointer)
{
    return ImpersonateSecurityContext((CtxtHandle *)pointer) == SEC_E_OK ? pointer : NULL;
}

/* Nothing of a thread that ends as its client is left. */
static void a_thread_that_ends(CtxtHandle *alice)
{
    pthread_t thread;
    void *result;
    MUST(pthread_create(&thread, NULL, end_as_client, alice) == 0);
    MUST(pthread_join(thread, &result) == 0);
    CHECK(result == alice && geteuid() == 0);
}

static void a_child_of_fork(CtxtHandle *alice)
{
    pid_t child;
    MUST_STATUS(ImpersonateSecurityContext(alice), SEC_E_OK);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        int wrong = geteuid() != alice_id || can_read("/etc/shadow");
        wrong |= RevertSecurityContext(alice) != SEC_E_OK || geteuid() != 0;
        _exit(wrong);
    }
    CHECK(exit_code(child) == 0 && geteuid() == alice_id);
    CHECK_STATUS(RevertSecurityContext(alice), SEC_E_OK);
}

/* A program that is started opens files as the client. */
static void a_program(CtxtHandle *alice)
{
    static char head[] = "head", count[] = "-c1", shadow[] = "/etc/shadow";
    char *refused[] = {head, count, shadow, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t child;
    MUST(posix_spawn_file_actions_init(&quiet) == 0);
    MUST(posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0) == 0);
    MUST(posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0) == 0);
    MUST_STATUS(ImpersonateSecurityContext(alice), SEC_E_OK);
    MUST(posix_spawnp(&child, head, &quiet, NULL, refused, environ) == 0);
    CHECK(exit_code(child) == 1);
    CHECK_STATUS(RevertSecurityContext(alice), SEC_E_OK);
    MUST(posix_spawnp(&child, head, &quiet, NULL, refused, environ) == 0);
    CHECK(exit_code(child) == 0);
    posix_spawn_file_actions_destroy(&quiet);
}

/* Root, an account that nobody is, a client that may not be impersonated, a client's context. */
static void refusals(void)
{
    static const char *const nobodies[] = {"carol", "admin"};
    struct client client;
    size_t index;
    for (index = 0; index < 2; index++) {
        log_on(&client, nobodies[index]);
        CHECK_STATUS(ImpersonateSecurityContext(&client.server.context), SEC_E_NO_IMPERSONATION);
        CHECK_STATUS(ImpersonateSecurityContext(&client.client.context), SEC_E_NO_IMPERSONATION);
        log_off(&client);
    }
    client.client = make_client("alice", DOMAIN, PASSWORD);
    client.client.request |= ISC_REQ_IDENTIFY;
    client.server = make_server("alice", DOMAIN, PASSWORD);
    MUST_STATUS(handshake(&client.client, &client.server), SEC_E_OK);
    CHECK_STATUS(ImpersonateSecurityContext(&client.server.context), SEC_E_NO_IMPERSONATION);
    CHECK(geteuid() == 0);
    log_off(&client);
}

static void *without_privileges(void *pointer)
{
    CtxtHandle *alice = (CtxtHandle *)pointer;
    CHECK_STATUS(ImpersonateSecurityContext(alice), SEC_E_NO_IMPERSONATION);
    CHECK(geteuid() == bob_id);
    return NULL;
}

/* Another process, which has given up for good what it takes. */
static void a_server_without_privileges(CtxtHandle *alice)
{
    pid_t child = fork();
    MUST(child >= 0);
    if (child == 0) {
        if (setgroups(0, NULL) != 0 || setgid(bob_id) != 0 || setuid(bob_id) != 0) _exit(2);
        without_privileges(alice);
        _exit(check_failures != 0);
    }
    CHECK(exit_code(child) == 0);
}

static void prepare(void)
{
    const struct passwd *account;
    char path[64];
    FILE *file;
    MUST((account = getpwnam(ALICE)) != NULL);
    alice_id = account->pw_uid;
    MUST((account = getpwnam(BOB)) != NULL);
    bob_id = account->pw_uid;
    MUST(mkdtemp(folder) != NULL && chmod(folder, 0777) == 0);
    snprintf(hers, sizeof(hers), "%s/hers", folder);
    snprintf(path, sizeof(path), "%s/config", folder);
    MUST((file = fopen(path, "w")) != NULL);
    fprintf(file,
            "[mapping]\nUsers = { '%s\\alice' = '%s', '%s\\bob' = '%s', '%s\\admin' = 'root' }\n",
            DOMAIN, ALICE, DOMAIN, BOB, DOMAIN);
    MUST(fclose(file) == 0 && chmod(path, 0644) == 0);
    MUST(setenv("SECUR32_CONFIG", path, 1) == 0);
}

static void clean(void)
{
    char path[64];
    snprintf(path, sizeof(path), "%s/config", folder);
    CHECK(unlink(path) == 0 && unlink(hers) == 0 && rmdir(folder) == 0);
}

int main(void)
{
    struct client alice, bob;
    if (geteuid() != 0) {
        fprintf(stderr, "NOT RUN: impersonation needs root\n");
        return getenv("CI") != NULL ? EXIT_FAILURE : SKIPPED;
    }
    prepare();
    log_on(&alice, "alice");
    log_on(&bob, "bob");
    one_thread(&alice.server.context, &bob.server.context);
    a_token(&alice.server.context);
    threads(&alice.server.context, &bob.server.context);
    a_thread_that_ends(&alice.server.context);
    a_child_of_fork(&alice.server.context);
    a_program(&alice.server.context);
    refusals();
    a_server_without_privileges(&alice.server.context);
    log_off(&alice);
    log_off(&bob);
    clean();
    return check_end();
}
