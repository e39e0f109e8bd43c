/* Credentials and credential targets. */
#ifndef SECUR32_WINCRED_H
#define SECUR32_WINCRED_H

#include "secur32.h"

#endif
