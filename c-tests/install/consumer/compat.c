/* As a program for Windows is written: windows.h first, names that follow UNICODE. */
#define SECURITY_WIN32
#include <windows.h>
#include <sspi.h>
#include <stdio.h>
#include <tchar.h>

int _tmain(int argc, TCHAR *argv[])
{
    PSecPkgInfo package = NULL;
    LPTSTR name = argc > 1 ? argv[1] : (LPTSTR)_T("ntlm");
    SECURITY_STATUS status = QuerySecurityPackageInfo(name, &package);
    if (FAILED(status)) {
        return 1;
    }
    _tprintf(_T("%s\n"), package->Name);
    FreeContextBuffer(package);
    return 0;
}
