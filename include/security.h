/* What programs include for the Security Support Provider Interface and its names. */
#ifndef SECUR32_SECURITY_H
#define SECUR32_SECURITY_H

#include "secur32.h"

#endif
