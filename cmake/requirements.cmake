# What the build needs and cannot get by itself, said at once and by the names under which Debian has it.
function(require_debian_packages)
  set(missing)
  while(ARGN)
    list(POP_FRONT ARGN header package)
    find_path(header_of_${package} ${header})
    mark_as_advanced(header_of_${package})
    if(NOT header_of_${package})
      list(APPEND missing ${package})
    endif()
  endwhile()
  if(missing)
    list(JOIN missing " " missing)
    message(FATAL_ERROR "The build needs packages that are not installed. On Debian:\n  apt-get install ${missing}")
  endif()
endfunction()

require_debian_packages(
  CLI/CLI.hpp libcli11-dev
  fmt/format.h libfmt-dev
  lmdb.h liblmdb-dev
  nlohmann/json.hpp nlohmann-json3-dev
  toml++/toml.h libtomlplusplus-dev
  xxhash.h libxxhash-dev)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
  message(FATAL_ERROR "The build needs g++ 12 or newer; this is ${CMAKE_CXX_COMPILER_VERSION}.")
endif()
