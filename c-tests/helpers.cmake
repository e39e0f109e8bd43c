# secur32_c_test(name sources... [SHORT_WCHAR] [UNICODE] [NO_STATIC] [NO_DLOPEN]
#                [ARGS arguments...] [ENVIRONMENT NAME=value...] [TIMEOUT seconds])
#
# A C program that answers 0 when all is well, built and run as name-shared, name-static and
# name-dlopen. The last one links no library of ours: stubs load it, see dlopen_stubs.c.
function(secur32_c_test name)
    cmake_parse_arguments(PARSE_ARGV 1 test
        "SHORT_WCHAR;UNICODE;NO_STATIC;NO_DLOPEN" "TIMEOUT" "ARGS;ENVIRONMENT")
    set(ways shared)
    if(NOT test_NO_STATIC)
        list(APPEND ways static)
    endif()
    if(NOT test_NO_DLOPEN)
        list(APPEND ways dlopen)
    endif()
    foreach(way ${ways})
        set(program ${name}-${way})
        add_executable(${program} ${test_UNPARSED_ARGUMENTS})
        target_compile_options(${program} PRIVATE -Wall -Wextra -pedantic -Werror)
        if(test_SHORT_WCHAR)
            target_compile_options(${program} PRIVATE -fshort-wchar)
        endif()
        if(test_UNICODE)
            target_compile_definitions(${program} PRIVATE UNICODE _UNICODE)
        endif()
        set_target_properties(${program} PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
        find_package(Threads REQUIRED)
        target_link_libraries(${program} PRIVATE Secur32::compat Threads::Threads)
        if(way STREQUAL "shared")
            target_link_libraries(${program} PRIVATE Secur32::secur32)
        elseif(way STREQUAL "static")
            target_link_libraries(${program} PRIVATE Secur32::static)
        else()
            target_link_libraries(${program} PRIVATE secur32_dlopen_stubs)
        endif()
        add_test(NAME ${program}
                 COMMAND ${SECUR32_TEST_LAUNCHER} $<TARGET_FILE:${program}> ${test_ARGS})
        if(NOT test_TIMEOUT)
            set(test_TIMEOUT 120)
        endif()
        set_tests_properties(${program} PROPERTIES
            TIMEOUT ${test_TIMEOUT} ENVIRONMENT "${test_ENVIRONMENT}"
            WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    endforeach()
endfunction()

# The names that the stubs stand for, one X(name) a line.
file(STRINGS ${PROJECT_SOURCE_DIR}/exports.txt lines REGEX "^[A-Za-z]")
set(stub_names "")
foreach(line ${lines})
    string(REGEX MATCH "^[A-Za-z0-9]+" stub_name "${line}")
    string(APPEND stub_names "X(${stub_name})\n")
endforeach()
file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/stub_names.h CONTENT "${stub_names}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/exports.txt)

add_library(secur32_dlopen_stubs OBJECT dlopen_stubs.c)
add_dependencies(secur32_dlopen_stubs secur32_build)
target_include_directories(secur32_dlopen_stubs PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
target_compile_definitions(secur32_dlopen_stubs PRIVATE
    LIBRARY_FILE="${library_dir}/${soname}")
target_link_libraries(secur32_dlopen_stubs PUBLIC ${CMAKE_DL_LIBS})
