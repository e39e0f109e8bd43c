# The headers go into a folder of their own, so that <security.h> is found by those only who
# ask for it. Nothing that is installed names the prefix: the whole tree can be moved.

include(CMakePackageConfigHelpers)

set(include_install ${CMAKE_INSTALL_INCLUDEDIR}/secur32)
set(package_install ${CMAKE_INSTALL_LIBDIR}/cmake/Secur32)

install(FILES ${shared_file} DESTINATION ${CMAKE_INSTALL_LIBDIR}
        PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                    WORLD_READ WORLD_EXECUTE)
# Links stay links.
install(FILES ${library_dir}/${soname} ${library_dir}/libsecur32.so ${static_file}
        DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/ DESTINATION ${include_install} FILES_MATCHING PATTERN "*.h")

install(FILES exports.txt DESTINATION ${CMAKE_INSTALL_DOCDIR})
foreach(text README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${text})
        install(FILES ${text} DESTINATION ${CMAKE_INSTALL_DOCDIR})
    endif()
endforeach()
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/docs)
    install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
endif()

# pkg-config: from the folder of the .pc files to the prefix.
file(RELATIVE_PATH pc_prefix
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH pc_includedir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
string(REGEX REPLACE "/$" "" pc_prefix ${pc_prefix})
list(TRANSFORM static_libraries PREPEND "-l" OUTPUT_VARIABLE pc_private)
list(JOIN pc_private " " pc_private)
foreach(name secur32 secur32-compat)
    configure_file(cmake/${name}.pc.in ${name}.pc @ONLY)
    install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

configure_package_config_file(cmake/Secur32Config.cmake.in Secur32Config.cmake
    INSTALL_DESTINATION ${package_install}
    PATH_VARS CMAKE_INSTALL_LIBDIR include_install
)
# Before 1.0 a new minor version may break what the one before allowed.
write_basic_package_version_file(Secur32ConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES
        ${CMAKE_CURRENT_BINARY_DIR}/Secur32Config.cmake
        ${CMAKE_CURRENT_BINARY_DIR}/Secur32ConfigVersion.cmake
        DESTINATION ${package_install})
