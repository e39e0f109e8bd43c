/* Threads: eight that log on, with credentials of their own and with shared ones; one that sends
 * while another receives on the same context, both ways at once. */
#include "party.h"

#include <pthread.h>

enum { THREADS = 8, LOGONS = 200, MESSAGES = 5000 };

static struct party shared_client, shared_server;

/* Logons with shared credentials and with own ones, good and bad. */
static void *log_on(void *number)
{
    struct party client = shared_client, server = shared_server, own;
    long failures = 0;
    int round;
    char name[16], text[64];
    snprintf(name, sizeof(name), "user%d", *(int *)number);
    own = make_client(name, DOMAIN, PASSWORD);
    for (round = 0; round < LOGONS; round++) {
        struct token up, down;
        client.has_context = server.has_context = 0;
        failures += party_step(&client, NULL, &up) != SEC_I_CONTINUE_NEEDED;
        failures += party_step(&server, &up, &down) != SEC_I_CONTINUE_NEEDED;
        failures += party_step(&client, &down, &up) != SEC_E_OK;
        failures += party_step(&server, &up, &down) != SEC_E_OK;
        snprintf(text, sizeof(text), "thread %s round %d", name, round);
        exchange(&client.context, &server.context, text);
        exchange(&server.context, &client.context, text);
        end_context(&client);
        end_context(&server);

        /* Nobody gets in by being beside somebody who does. */
        failures += party_step(&own, NULL, &up) != SEC_I_CONTINUE_NEEDED;
        failures += party_step(&server, &up, &down) != SEC_I_CONTINUE_NEEDED;
        failures += party_step(&own, &down, &up) != SEC_E_OK;
        failures += party_step(&server, &up, &down) != SEC_E_LOGON_DENIED;
        end_context(&own);
        end_context(&server);
    }
    end_party(&own);
    return failures == 0 ? NULL : number;
}

static void many_threads(void)
{
    pthread_t threads[THREADS];
    int numbers[THREADS], index;
    void *bad;
    shared_client = make_client(USER, DOMAIN, PASSWORD);
    shared_server = make_server(USER, DOMAIN, PASSWORD);
    for (index = 0; index < THREADS; index++) {
        numbers[index] = index;
        MUST(pthread_create(&threads[index], NULL, log_on, &numbers[index]) == 0);
    }
    for (index = 0; index < THREADS; index++) {
        MUST(pthread_join(threads[index], &bad) == 0);
        CHECK(bad == NULL);
    }
    end_party(&shared_client);
    end_party(&shared_server);
}

/* A line of messages from one end to the other. */
struct line {
    CtxtHandle *from, *to;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned char messages[64][16 + 32];
    unsigned sent, received;
    int send_failures, receive_failures;
};

static void *send_all(void *pointer)
{
    struct line *line = (struct line *)pointer;
    unsigned number;
    for (number = 0; number < MESSAGES; number++) {
        unsigned char message[16 + 32];
        memset(message + 16, 0, 32);
        memcpy(message + 16, &number, sizeof(number));
        line->send_failures += encrypt_one(line->from, message, message + 16, 32) != SEC_E_OK;
        pthread_mutex_lock(&line->lock);
        while (line->sent - line->received == 64) pthread_cond_wait(&line->changed, &line->lock);
        memcpy(line->messages[line->sent % 64], message, sizeof(message));
        line->sent++;
        pthread_cond_broadcast(&line->changed);
        pthread_mutex_unlock(&line->lock);
    }
    return NULL;
}

static void *receive_all(void *pointer)
{
    struct line *line = (struct line *)pointer;
    unsigned number, found;
    for (number = 0; number < MESSAGES; number++) {
        unsigned char message[16 + 32];
        pthread_mutex_lock(&line->lock);
        while (line->sent == line->received) pthread_cond_wait(&line->changed, &line->lock);
        memcpy(message, line->messages[line->received % 64], sizeof(message));
        line->received++;
        pthread_cond_broadcast(&line->changed);
        pthread_mutex_unlock(&line->lock);
        line->receive_failures += decrypt_one(line->to, message, message + 16, 32) != SEC_E_OK;
        memcpy(&found, message + 16, sizeof(found));
        line->receive_failures += found != number;
    }
    return NULL;
}

/* Each context has one thread that sends and one that receives. */
static void both_ways_at_once(void)
{
    static struct line lines[2];
    pthread_t threads[4];
    struct pair pair;
    int index;
    make_pair(&pair, SIGNED_AND_SEALED);
    for (index = 0; index < 2; index++) {
        lines[index].from = index == 0 ? &pair.client.context : &pair.server.context;
        lines[index].to = index == 0 ? &pair.server.context : &pair.client.context;
        MUST(pthread_mutex_init(&lines[index].lock, NULL) == 0);
        MUST(pthread_cond_init(&lines[index].changed, NULL) == 0);
    }
    for (index = 0; index < 4; index++) {
        MUST(pthread_create(&threads[index], NULL, index % 2 == 0 ? send_all : receive_all,
                            &lines[index / 2]) == 0);
    }
    for (index = 0; index < 4; index++) MUST(pthread_join(threads[index], NULL) == 0);
    for (index = 0; index < 2; index++) {
        CHECK(lines[index].received == MESSAGES);
        CHECK(lines[index].send_failures == 0 && lines[index].receive_failures == 0);
        pthread_cond_destroy(&lines[index].changed);
        pthread_mutex_destroy(&lines[index].lock);
    }
    exchange_both(&pair);
    end_pair(&pair);
}

/* A context is used by a thread that did not make it, and the credential goes meanwhile. */
static void *use_and_end(void *pointer)
{
    struct pair *pair = (struct pair *)pointer;
    int round;
    for (round = 0; round < 100; round++) exchange_both(pair);
    end_context(&pair->client);
    end_context(&pair->server);
    return NULL;
}

static void handed_over(void)
{
    static struct pair pairs[THREADS];
    pthread_t threads[THREADS];
    int index;
    for (index = 0; index < THREADS; index++) make_pair(&pairs[index], SIGNED_AND_SEALED);
    for (index = 0; index < THREADS; index++) {
        MUST(pthread_create(&threads[index], NULL, use_and_end, &pairs[index]) == 0);
        CHECK_STATUS(FreeCredentialsHandle(&pairs[index].client.credential), SEC_E_OK);
        CHECK_STATUS(FreeCredentialsHandle(&pairs[index].server.credential), SEC_E_OK);
    }
    for (index = 0; index < THREADS; index++) MUST(pthread_join(threads[index], NULL) == 0);
}

int main(void)
{
    many_threads();
    both_ways_at_once();
    handed_over();
    return check_end();
}
