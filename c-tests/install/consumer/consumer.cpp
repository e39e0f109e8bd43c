// Lists the packages in C++, by the wide functions.
#include <iostream>
#include <memory>
#include <string>

#include <sspi.h>

int main()
{
    PSecPkgInfoW packages = nullptr;
    ULONG count = 0;
    if (EnumerateSecurityPackagesW(&count, &packages) != SEC_E_OK) {
        return 1;
    }
    std::unique_ptr<SecPkgInfoW, SECURITY_STATUS (*)(void *)> owner(packages, FreeContextBuffer);
    for (ULONG index = 0; index < count; index++) {
        const std::u16string name(packages[index].Name);
        std::cout << std::string(name.begin(), name.end()) << '\n';
    }
    return 0;
}
