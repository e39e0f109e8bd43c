/* See security.h. */
#include "../security.h"
