// Any bytes, as a configuration: a value, or an error that names the place.
#include <cstdlib>
#include <string_view>

#include "driver/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace querylint::driver;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string_view path : {"pyproject.toml", "querylint.toml"}) {
    const ParsedConfig parsed = parse_config(path, text);
    if (!parsed.error.empty() && (parsed.config || !parsed.error.starts_with(path))) std::abort();
  }
  return 0;
}
