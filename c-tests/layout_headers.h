/* The headers under test: ours, or mingw-w64's with what makes them show everything. */
#ifndef LAYOUT_HEADERS_H
#define LAYOUT_HEADERS_H

#ifdef __MINGW32__
#define WIN32_LEAN_AND_MEAN 1
#define SECURITY_WIN32 1
#define WINVER 0x0A00
#define _WIN32_WINNT 0x0A00
#define NTDDI_VERSION 0x0A00000B
#define _SEC_WINNT_AUTH_TYPES 1
#define SCHANNEL_USE_BLACKLISTS 1
#define WIN32_NO_STATUS 1
#include <windows.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>

#include <lmcons.h>
#include <wincrypt.h>

#include <security.h>

#include <ntsecapi.h>

#include <wincred.h>

#include <ntsecpkg.h>
#include <rpc.h>
#include <schannel.h>
#else
#include <windows.h>

#include <ntsecapi.h>
#include <ntsecpkg.h>
#include <ntstatus.h>
#include <schannel.h>
#include <security.h>
#include <wincred.h>
#endif

#include <stddef.h>

#endif
