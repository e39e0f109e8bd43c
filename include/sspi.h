/* The Security Support Provider Interface. */
#ifndef SECUR32_SSPI_H
#define SECUR32_SSPI_H

#include "secur32.h"

#endif
