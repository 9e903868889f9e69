#include "driver/options.h"

#include "driver/cache.h"
#include "driver/parallel.h"

namespace querylint::driver {

std::size_t threads_of(const RunOptions& options) {
  return options.threads == 0 ? default_threads() : options.threads;
}

std::string cache_folder_of(const RunOptions& options) {
  if (options.no_cache) return {};
  return options.cache_folder.empty() ? Cache::default_folder() : options.cache_folder;
}

}  // namespace querylint::driver
