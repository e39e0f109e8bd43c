/* Status codes of the local security authority. */
#ifndef SECUR32_NTSTATUS_H
#define SECUR32_NTSTATUS_H

#include "secur32.h"

#endif
