// Work shared out to threads. The only place that makes any.
#pragma once

#include <cstddef>
#include <functional>

namespace querylint::driver {

/// Calls `work(index, worker)` for every index below `count`, each once, on `threads` threads;
/// `worker` is below `threads` and tells whose private state to use. With one thread nothing is
/// started.
void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t index, std::size_t worker)>& work);

/// As many threads as the machine has cores.
std::size_t default_threads();

}  // namespace querylint::driver
