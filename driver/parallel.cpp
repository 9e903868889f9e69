#include "driver/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace querylint::driver {

void parallel_for(std::size_t count, std::size_t threads,
                  const std::function<void(std::size_t, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&](std::size_t worker) {
    for (std::size_t index = next++; index < count; index = next++) work(index, worker);
  };
  const std::size_t helpers = std::min(threads, count);
  std::vector<std::thread> pool;
  for (std::size_t worker = 1; worker < helpers; ++worker) pool.emplace_back(run, worker);
  run(0);
  for (std::thread& thread : pool) thread.join();
}

std::size_t default_threads() {
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

}  // namespace querylint::driver
