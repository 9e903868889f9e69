#include "analyzer/ir/serialize.h"

#include <cstring>
#include <tuple>
#include <type_traits>

#include "analyzer/base/hash.h"

namespace querylint::ir {
namespace {

/// Every array of a module, once, for both directions.
template <typename ModuleType>
auto arrays_of(ModuleType& module) {
  return std::tie(module.code, module.pool, module.functions, module.classes, module.parameters,
                  module.captures, module.slot_names, module.text_ends, module.text_block,
                  module.comments, module.cut);
}

class Writer {
 public:
  void scalar(std::uint32_t value) { bytes(&value, sizeof value); }

  template <typename Array>
  void array(const Array& items) {
    using Item = typename Array::value_type;
    static_assert(std::is_trivially_copyable_v<Item>);
    scalar(static_cast<std::uint32_t>(items.size()));
    bytes(items.data(), items.size() * sizeof(Item));
  }

  std::string take() { return std::move(out_); }

 private:
  void bytes(const void* data, std::size_t size) {
    out_.append(static_cast<const char*>(data), size);
  }

  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool scalar(std::uint32_t& value) { return bytes(&value, sizeof value); }

  template <typename Array>
  bool array(Array& items) {
    std::uint32_t size = 0;
    if (!scalar(size)) return false;
    const std::size_t length = size * sizeof(typename Array::value_type);
    if (length > rest_.size()) return false;
    items.resize(size);
    return bytes(items.data(), length);
  }

  bool at_end() const { return rest_.empty(); }

 private:
  bool bytes(void* target, std::size_t size) {
    if (rest_.size() < size) return false;
    if (size > 0) std::memcpy(target, rest_.data(), size);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
};

constexpr std::size_t checksum_size = sizeof(std::uint64_t);

}  // namespace

std::string serialize(const Module& module) {
  Writer writer;
  writer.scalar(format_version);
  writer.scalar(module.has_errors ? 1 : 0);
  std::apply([&](const auto&... arrays) { (writer.array(arrays), ...); }, arrays_of(module));
  std::string body = writer.take();
  const std::uint64_t checksum = base::hash64(body);
  std::string out(checksum_size, '\0');
  std::memcpy(out.data(), &checksum, checksum_size);
  return out += body;
}

std::optional<Module> deserialize(std::string_view bytes) {
  if (bytes.size() < checksum_size) return std::nullopt;
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes.data(), checksum_size);
  bytes.remove_prefix(checksum_size);
  if (base::hash64(bytes) != checksum) return std::nullopt;
  Reader reader(bytes);
  std::uint32_t version = 0;
  std::uint32_t has_errors = 0;
  if (!reader.scalar(version) || version != format_version) return std::nullopt;
  if (!reader.scalar(has_errors)) return std::nullopt;
  Module module;
  module.has_errors = has_errors != 0;
  const bool whole =
      std::apply([&](auto&... arrays) { return (reader.array(arrays) && ...); }, arrays_of(module));
  if (!whole || !reader.at_end()) return std::nullopt;
  return module;
}

}  // namespace querylint::ir
