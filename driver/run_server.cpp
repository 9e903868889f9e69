#include "driver/options.h"
#include "driver/parallel.h"
#include "driver/server/serve.h"

namespace querylint::driver {

int run_server(const ServerOptions& options) {
  server::RootOptions roots;
  roots.threads = options.threads == 0 ? default_threads() : options.threads;
  if (!options.no_cache) {
    roots.cache_folder =
        options.cache_folder.empty() ? Cache::default_folder() : options.cache_folder;
  }
  roots.find_workspace = [](const std::string& folder) { return find_workspace({folder}); };
  roots.open_disk = [](const std::string& root) { return std::make_unique<Folder>(root); };
  return server::serve(roots);
}

}  // namespace querylint::driver
