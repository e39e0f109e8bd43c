/* The part of schannel.h that needs no certificates; the same here. */
#ifndef SECUR32_MINSCHANNEL_H
#define SECUR32_MINSCHANNEL_H

#include "schannel.h"

#endif
