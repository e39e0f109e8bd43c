/* Lists the packages: the functions by name, and the table. */
#include <security.h>
#include <stdio.h>

int main(void)
{
    PSecurityFunctionTableA table = InitSecurityInterfaceA();
    PSecPkgInfoA packages = NULL;
    ULONG count = 0;
    ULONG index;
    if (EnumerateSecurityPackagesA(&count, &packages) != SEC_E_OK) {
        return 1;
    }
    for (index = 0; index < count; index++) {
        printf("%s: %s\n", packages[index].Name, packages[index].Comment);
    }
    return table->FreeContextBuffer(packages) == SEC_E_OK ? 0 : 1;
}
