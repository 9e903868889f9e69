# What the build needs and cannot get by itself: all that is missing is said at once, by the names under which
# Debian has it. Used before any compiler is looked for.
set(missing_packages)

macro(require_program package)
  find_program(program_of_${package} NAMES ${ARGN})
  mark_as_advanced(program_of_${package})
  if(NOT program_of_${package})
    list(APPEND missing_packages ${package})
  endif()
endmacro()

macro(require_header package header)
  find_path(header_of_${package} ${header})
  mark_as_advanced(header_of_${package})
  if(NOT header_of_${package})
    list(APPEND missing_packages ${package})
  endif()
endmacro()

if(NOT CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  require_program(g++ c++ g++ clang++)
endif()
require_header(libcli11-dev CLI/CLI.hpp)
require_header(libfmt-dev fmt/format.h)
require_header(liblmdb-dev lmdb.h)
require_header(libtomlplusplus-dev toml++/toml.h)
require_header(libxxhash-dev xxhash.h)
require_header(nlohmann-json3-dev nlohmann/json.hpp)
if(NOT EXISTS ${PROJECT_SOURCE_DIR}/grammars/node_modules)
  require_program(npm npm)
endif()

if(missing_packages)
  list(JOIN missing_packages " " missing_packages)
  message(FATAL_ERROR
    "The build needs packages that are not installed. On Debian:\n  apt-get install ${missing_packages}")
endif()
