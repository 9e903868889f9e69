#include "driver/options.h"
#include "driver/server/serve.h"

namespace querylint::driver {

int run_server(const ServerOptions& options) {
  server::RootOptions roots;
  roots.threads = threads_of(options.run);
  roots.cache_folder = cache_folder_of(options.run);
  roots.find_workspace = [](const std::string& folder) { return find_workspace({folder}); };
  roots.open_disk = [](const std::string& root) { return std::make_unique<Folder>(root); };
  return server::serve(roots);
}

}  // namespace querylint::driver
