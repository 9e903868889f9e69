// The memory that a run of the shipped binary takes.
#pragma once

#include <cstddef>
#include <string>

namespace querylint::benchmarks {

/// The most bytes that `querylint check` on `path` had in memory, with one thread, without a cache
/// and with all rules. Call it while this process is small: what a process had before it became
/// another program counts for the kernel as its own. Throws `std::runtime_error` when it cannot be
/// run.
std::size_t peak_memory(const std::string& path);

}  // namespace querylint::benchmarks
