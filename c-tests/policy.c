/* Changes of policy: events that are signalled, and those that are none. The events are eventfds. */
#include "check.h"

#include <ntsecapi.h>
#include <ntstatus.h>

#ifdef _WIN32
int main(void) { return 0; }
#else

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static char configuration[] = "/tmp/secur32-policy-XXXXXX";
static char krb5[] = "/tmp/secur32-krb5-XXXXXX";

static void say(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    MUST(file != NULL);
    fputs(text, file);
    fclose(file);
}

static HANDLE handle_of(int event) { return (HANDLE)(ULONG_PTR)(unsigned)event; }

/* Whether an event is signalled within that time; it is reset. */
static int heard(int event, int milliseconds)
{
    struct pollfd entry;
    unsigned long long count = 0;
    entry.fd = event;
    entry.events = POLLIN;
    entry.revents = 0;
    if (poll(&entry, 1, milliseconds) != 1) return 0;
    return read(event, &count, sizeof(count)) == (ssize_t)sizeof(count) && count > 0;
}

static void what_is_refused(int event)
{
    static const int none[] = {1, 5, 8};
    size_t index;
    for (index = 0; index < sizeof(none) / sizeof(none[0]); index++) {
        CHECK(LsaRegisterPolicyChangeNotification(
                  (POLICY_NOTIFICATION_INFORMATION_CLASS)none[index], handle_of(event)) ==
              STATUS_NOT_SUPPORTED);
    }
    CHECK(LsaRegisterPolicyChangeNotification((POLICY_NOTIFICATION_INFORMATION_CLASS)0,
                                              handle_of(event)) == STATUS_INVALID_PARAMETER);
    CHECK(LsaRegisterPolicyChangeNotification((POLICY_NOTIFICATION_INFORMATION_CLASS)9,
                                              handle_of(event)) == STATUS_INVALID_PARAMETER);
    CHECK(LsaRegisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation, NULL) ==
          STATUS_INVALID_HANDLE);
    CHECK(LsaRegisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation, FILLED(HANDLE)) ==
          STATUS_INVALID_HANDLE);
    CHECK(LsaRegisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation,
                                              (HANDLE)~(ULONG_PTR)0) == STATUS_INVALID_HANDLE);
    CHECK(LsaUnregisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation,
                                                handle_of(event)) == STATUS_INVALID_PARAMETER);
}

static void a_domain_is_renamed(void)
{
    int event = eventfd(0, EFD_CLOEXEC);
    int other = eventfd(0, EFD_CLOEXEC);
    MUST(event >= 0 && other >= 0);
    what_is_refused(event);
    CHECK(LsaRegisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation,
                                              handle_of(event)) == STATUS_SUCCESS);
    CHECK(LsaRegisterPolicyChangeNotification(PolicyNotifyDomainKerberosTicketInformation,
                                              handle_of(other)) == STATUS_SUCCESS);
    say(configuration, "[machine]\nDnsDomainName = 'two.example'\n");
    CHECK(heard(event, 20000));
    CHECK(!heard(other, 0));
    say(krb5, "[libdefaults]\n  ticket_lifetime = 2h\n");
    CHECK(heard(other, 20000));
    /* A counter that is full: nobody waits for it, and the others hear. */
    {
        unsigned long long most = ~0ull - 1;
        CHECK(write(event, &most, sizeof(most)) == (ssize_t)sizeof(most));
        say(configuration, "[machine]\nDnsDomainName = 'full.example'\n");
        say(krb5, "[libdefaults]\n  ticket_lifetime = 5h\n");
        CHECK(heard(other, 20000));
        CHECK(heard(event, 20000));
        say(configuration, "[machine]\nDnsDomainName = 'two.example'\n");
        CHECK(heard(event, 20000));
    }
    /* Written anew, and nothing has changed. */
    say(configuration, "# the same\n[machine]\nDnsDomainName = 'two.example'\n");
    CHECK(!heard(event, 2500));
    CHECK(LsaUnregisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation,
                                                handle_of(event)) == STATUS_SUCCESS);
    CHECK(LsaUnregisterPolicyChangeNotification(PolicyNotifyDnsDomainInformation,
                                                handle_of(event)) == STATUS_INVALID_PARAMETER);
    say(configuration, "[machine]\nDnsDomainName = 'three.example'\n");
    say(krb5, "[libdefaults]\n  ticket_lifetime = 3h\n");
    CHECK(heard(other, 20000));
    CHECK(!heard(event, 0));
    /* A program that closes its event leaves nothing behind that could hurt. */
    close(other);
    say(krb5, "[libdefaults]\n  ticket_lifetime = 4h\n");
    CHECK(!heard(event, 1500));
    CHECK(LsaUnregisterPolicyChangeNotification(PolicyNotifyDomainKerberosTicketInformation,
                                                handle_of(other)) == STATUS_SUCCESS);
    close(event);
}

int main(void)
{
    MUST(close(mkstemp(configuration)) == 0 && close(mkstemp(krb5)) == 0);
    say(configuration, "[machine]\nDnsDomainName = 'one.example'\n");
    setenv("SECUR32_CONFIG", configuration, 1);
    setenv("KRB5_CONFIG", krb5, 1);
    a_domain_is_renamed();
    unlink(configuration);
    unlink(krb5);
    return check_end();
}
#endif
