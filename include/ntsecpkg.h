/* Of what security packages see, only what programs share with them. */
#ifndef SECUR32_NTSECPKG_H
#define SECUR32_NTSECPKG_H

#include "secur32.h"

#endif
