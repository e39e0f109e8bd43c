/* See sspi.h. */
#include "../sspi.h"
