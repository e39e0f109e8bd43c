/* Names of users and computers. */
#ifndef SECUR32_SECEXT_H
#define SECUR32_SECEXT_H

#include "secur32.h"

#endif
