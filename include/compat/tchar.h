/*
 * Text macros that follow _UNICODE. Of the functions only those that C has for both kinds of
 * characters of ours: with bytes they are C's, with UTF-16 there are none.
 */
#ifndef SECUR32_COMPAT_TCHAR_H
#define SECUR32_COMPAT_TCHAR_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windows.h"

#ifdef _UNICODE
#define SECUR32_T(text) SECUR32_WIDE(text)
typedef WCHAR _TCHAR;
typedef WCHAR _TSCHAR;
#else
#define SECUR32_T(text) text
typedef char _TCHAR;
typedef char _TSCHAR;
#define _tmain main
#define _tprintf printf
#define _ftprintf fprintf
#define _stprintf sprintf
#define _sntprintf snprintf
#define _fputts fputs
#define _putts puts
#define _tcslen strlen
#define _tcscpy strcpy
#define _tcsncpy strncpy
#define _tcscat strcat
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcstol strtol
#define _tcstoul strtoul
#define _ttoi atoi
#define _tgetenv getenv
#define _tfopen fopen
#endif
#define _T(text) SECUR32_T(text)
#define _TEXT(text) SECUR32_T(text)

#endif /* SECUR32_COMPAT_TCHAR_H */
