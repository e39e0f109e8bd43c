/* The frame of the benchmark programs: see bench.h. */
#include "bench.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum work { HANDSHAKE, SESSION, SEAL, SIGN };

struct job {
    enum work work;
    size_t size;
    uint64_t nanoseconds;
    pthread_barrier_t *start;
    double first, second;
};

void bench_not_offered(void)
{
    exit(3);
}

void bench_fail(const char *what, unsigned long code)
{
    fprintf(stderr, "benchmark: %s (0x%lx)\n", what, code);
    exit(1);
}

unsigned char bench_byte(unsigned index, size_t at)
{
    return (unsigned char)(index * 31u + at * 7u + (at >> 8));
}

/* Time that this thread had the processor. Other programs' turns are not in it. */
static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Where a thread stands: on the wall, on the processor, and waiting for a processor that is busy.
 * What is left of the wall's time it slept, that is, waited for another thread. */
struct standing {
    double wall, running, ready;
};

static struct standing standing(void)
{
    struct standing at = { 0, 0, 0 };
    struct timespec time;
    FILE *file = fopen("/proc/thread-self/schedstat", "r");

    clock_gettime(CLOCK_MONOTONIC, &time);
    at.wall = (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
    at.running = (double)now();
    if (!file || fscanf(file, "%*s %lf", &at.ready) != 1)
        bench_fail("/proc/thread-self/schedstat", 0);
    fclose(file);
    return at;
}

/* How much longer the work took than it ran, because threads waited for each other. */
static double slowdown(const struct standing *begin)
{
    struct standing end = standing();
    double running = end.running - begin->running;
    double taken = end.wall - begin->wall - (end.ready - begin->ready);

    return running > 0 && taken > running ? taken / running : 1;
}

static void step(bench_step *what, void *pair, void *batch)
{
    if (what)
        what(pair, batch, 0, 1);
}

/* Begin to end of a connection that says one thing, or nothing. */
static void connection(struct job *job, void *batch)
{
    void *pair = bench_peer.handshake();

    if (job->work == SESSION) {
        step(bench_peer.protect, pair, batch);
        step(bench_peer.open, pair, batch);
        step(bench_peer.check, pair, batch);
        step(bench_peer.release_protected, pair, batch);
        step(bench_peer.release_opened, pair, batch);
    }
    bench_peer.delete_pair(pair);
}

static void run_connections(struct job *job)
{
    void *batch = job->work == SESSION ? bench_peer.new_batch(job->size, 1) : NULL;
    struct standing at;
    uint64_t begin, end;
    unsigned long count = 0;
    int i;

    for (i = 0; i < 20; i++)
        connection(job, batch);
    pthread_barrier_wait(job->start);
    at = standing();
    begin = now();
    do {
        for (i = 0; i < 10; i++)
            connection(job, batch);
        count += 10;
        end = now();
    } while (end - begin < job->nanoseconds);
    job->first = (double)count * 1e9 / (double)(end - begin) / slowdown(&at);
}

static uint64_t time_of(bench_step *what, struct job *job, void *pair, void *batch, unsigned count)
{
    uint64_t begin = now();
    unsigned i;

    if (!what)
        return 0;
    for (i = 0; i < count; i++)
        what(pair, batch, i, job->work == SEAL);
    return now() - begin;
}

static unsigned batch_of(size_t size)
{
    size_t count = 65536 / size;
    return count > BENCH_MAX_BATCH ? BENCH_MAX_BATCH : count > 0 ? (unsigned)count : 1;
}

static void run_messages(struct job *job)
{
    unsigned count = batch_of(job->size);
    void *pair = bench_peer.handshake();
    void *batch = bench_peer.new_batch(job->size, count);
    uint64_t begin, first = 0, second = 0;
    unsigned long rounds = 0;
    struct standing at;
    double messages;

    pthread_barrier_wait(job->start);
    at = standing();
    begin = now();
    do {
        first += time_of(bench_peer.protect, job, pair, batch, count);
        second += time_of(bench_peer.open, job, pair, batch, count);
        time_of(bench_peer.check, job, pair, batch, count);
        first += time_of(bench_peer.release_protected, job, pair, batch, count);
        second += time_of(bench_peer.release_opened, job, pair, batch, count);
        rounds++;
    } while (now() - begin < job->nanoseconds);
    messages = (double)rounds * count * 1e9 / slowdown(&at);
    job->first = messages / (double)first;
    job->second = messages / (double)second;
}

static void *run(void *argument)
{
    struct job *job = argument;
    if (job->work == HANDSHAKE || job->work == SESSION)
        run_connections(job);
    else
        run_messages(job);
    return NULL;
}

static enum work work_of(const char *name)
{
    static const char *const names[] = { "handshake", "session", "seal", "sign" };
    unsigned i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(name, names[i]) == 0)
            return (enum work)i;
    bench_fail(name, 0);
    return HANDSHAKE;
}

static void run_threads(const struct job *model, unsigned threads)
{
    pthread_barrier_t start;
    pthread_t id[64];
    struct job job[64];
    double first = 0, second = 0;
    unsigned i;

    pthread_barrier_init(&start, NULL, threads);
    for (i = 0; i < threads; i++) {
        job[i] = *model;
        job[i].start = &start;
        if (pthread_create(&id[i], NULL, run, &job[i]))
            bench_fail("no thread", i);
    }
    for (i = 0; i < threads; i++) {
        pthread_join(id[i], NULL);
        first += job[i].first;
        second += job[i].second;
    }
    printf("%.1f %.1f\n", first, second);
}

int main(int argc, char **argv)
{
    struct job job;
    unsigned long threads;

    if (argc != 5) {
        fprintf(stderr, "usage: %s handshake|session|seal|sign SIZE THREADS MILLISECONDS\n", argv[0]);
        return 2;
    }
    memset(&job, 0, sizeof(job));
    job.work = work_of(argv[1]);
    job.size = strtoul(argv[2], NULL, 10);
    threads = strtoul(argv[3], NULL, 10);
    job.nanoseconds = strtoul(argv[4], NULL, 10) * 1000000u;
    if (threads < 1 || threads > 64 || (job.work != HANDSHAKE && job.size < 1))
        bench_fail("size or number of threads", threads);
    bench_peer.setup();
    run_threads(&job, (unsigned)threads);
    return 0;
}
