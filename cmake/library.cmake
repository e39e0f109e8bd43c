# The library as cargo makes it, under the names that a linker and a loader look for:
#   Secur32::secur32  the shared library     Secur32::static  the archive
#   Secur32::compat   the headers that let an unmodified Windows source compile

set(soname libsecur32.so.0)
set(library_dir ${CMAKE_CURRENT_BINARY_DIR}/lib)
set(shared_file ${library_dir}/libsecur32.so.${PROJECT_VERSION})
set(static_file ${library_dir}/libsecur32.a)

if(SECUR32_PREBUILT)
    set(cargo_output ${SECUR32_PREBUILT})
    set(cargo_command ${CMAKE_COMMAND} -E echo "libsecur32 from ${SECUR32_PREBUILT}")
else()
    find_program(CARGO cargo HINTS $ENV{HOME}/.cargo/bin)
    if(NOT CARGO)
        message(FATAL_ERROR "Rust's cargo is missing: install Rust from https://rustup.rs")
    endif()
    if(DEFINED ENV{CARGO_TARGET_DIR})
        set(target_dir $ENV{CARGO_TARGET_DIR})
    else()
        set(target_dir ${CMAKE_CURRENT_SOURCE_DIR}/target)
    endif()
    set(cargo_output ${target_dir}/release)
    # make's job server is not cargo's.
    set(cargo_command
        ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS --unset=MFLAGS CARGO_TARGET_DIR=${target_dir}
        ${CARGO} build --release --locked --lib
    )
endif()

# cargo knows best whether something has changed.
add_custom_target(secur32_build ALL
    COMMAND ${cargo_command}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${library_dir}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${cargo_output}/libsecur32.so ${shared_file}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${cargo_output}/libsecur32.a ${static_file}
    COMMAND ${CMAKE_COMMAND} -E create_symlink
            libsecur32.so.${PROJECT_VERSION} ${library_dir}/${soname}
    COMMAND ${CMAKE_COMMAND} -E create_symlink ${soname} ${library_dir}/libsecur32.so
    BYPRODUCTS ${shared_file} ${static_file}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    VERBATIM
)

# What the archive needs of the system: `cargo rustc -- --print native-static-libs`.
set(static_libraries resolv gcc_s util rt pthread m dl c)

add_library(Secur32::secur32 SHARED IMPORTED GLOBAL)
set_target_properties(Secur32::secur32 PROPERTIES
    IMPORTED_LOCATION ${shared_file}
    IMPORTED_SONAME ${soname}
    INTERFACE_INCLUDE_DIRECTORIES ${CMAKE_CURRENT_SOURCE_DIR}/include
)
add_library(Secur32::static STATIC IMPORTED GLOBAL)
set_target_properties(Secur32::static PROPERTIES
    IMPORTED_LOCATION ${static_file}
    INTERFACE_INCLUDE_DIRECTORIES ${CMAKE_CURRENT_SOURCE_DIR}/include
    INTERFACE_LINK_LIBRARIES "${static_libraries}"
)
add_library(Secur32::compat INTERFACE IMPORTED GLOBAL)
set_target_properties(Secur32::compat PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES
    "${CMAKE_CURRENT_SOURCE_DIR}/include;${CMAKE_CURRENT_SOURCE_DIR}/include/compat"
)
foreach(target secur32 static)
    add_dependencies(Secur32::${target} secur32_build)
endforeach()
