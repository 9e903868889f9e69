// The parts of loading a project, for whoever keeps one up to date.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/ir/module.h"
#include "driver/pipeline.h"

namespace querylint::driver {

/// A file as it was read. Without a text and a notice it is gone.
struct ReadFile {
  std::optional<std::string> text;
  std::string notice;
};

ReadFile read_file(Disk& disk, const std::string& path, std::uint64_t size);

/// Parallel to the texts of a `Reading`.
using Modules = std::vector<std::shared_ptr<const ir::Module>>;

/// Parses and lowers one file; the cache is not asked.
std::shared_ptr<const ir::Module> lower_file(const Input& input, const SourceText& file);

/// Like `load`, but parses and lowers only the files whose module is null.
Project load(const Input& input, Reading reading, Modules modules);

}  // namespace querylint::driver
