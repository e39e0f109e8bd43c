/* See ntsecapi.h. */
#include "../ntsecapi.h"
