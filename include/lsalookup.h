/* Strings of the local security authority. */
#ifndef SECUR32_LSALOOKUP_H
#define SECUR32_LSALOOKUP_H

#include "secur32.h"

#endif
