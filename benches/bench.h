/* What the benchmark programs share: the clock, the threads, the work, the one line of output.
 *
 *   PROGRAM handshake 0 THREADS MILLISECONDS   prints  handshakes/s
 *   PROGRAM session   SIZE THREADS MILLISECONDS   prints  sessions/s: a handshake, and one message
 *                                                         sealed and unsealed
 *   PROGRAM seal   SIZE THREADS MILLISECONDS   prints  seals/s unseals/s
 *   PROGRAM sign   SIZE THREADS MILLISECONDS   prints  signatures/s verifications/s
 *
 * A program brings the functions of `struct peer`; main() is in bench.c. A pair is a client's
 * and a server's context that finished one handshake with each other. Messages are made in
 * batches and then opened in the same order, each half timed by itself, so that both figures come
 * from one run. With two threads each has a pair of its own. Nothing is asserted about time;
 * everything is asserted about results. */
#ifndef SECUR32_BENCH_H
#define SECUR32_BENCH_H

#include <stddef.h>

#define BENCH_USER "bench-user"
#define BENCH_DOMAIN "BENCH"
#define BENCH_PASSWORD "correct horse battery staple"
#define BENCH_MAX_BATCH 256

/* One step with one message of a batch. */
typedef void bench_step(void *pair, void *batch, unsigned index, int seal);

struct peer {
    /* Loads the library, acquires the credentials. */
    void (*setup)(void);
    /* One complete exchange; returns the pair. */
    void *(*handshake)(void);
    void (*delete_pair)(void *pair);
    /* Room for `count` messages of `size` bytes, filled with bench_byte(). */
    void *(*new_batch)(size_t size, unsigned count);
    /* The client protects a message, the server opens it. */
    bench_step *protect;
    bench_step *open;
    /* Frees what `protect` and `open` handed out, and is timed with them; NULL: nothing to free. */
    bench_step *release_protected;
    bench_step *release_opened;
    /* Ends the program unless the opened message is what it was. */
    bench_step *check;
};

extern const struct peer bench_peer;

/* Ends the program, with status 3: the peer does not offer this operation. */
void bench_not_offered(void);

/* Ends the program with a sentence. */
void bench_fail(const char *what, unsigned long code);

/* The byte at a place of a message. */
unsigned char bench_byte(unsigned index, size_t at);

#endif
