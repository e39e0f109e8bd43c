/* See sal.h. */
#include "sal.h"
