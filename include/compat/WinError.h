/* See winerror.h. */
#include "../winerror.h"
