// The outcome of the last run on a project, for when nothing has changed since.
#pragma once

#include <optional>

#include "analyzer/base/hash.h"
#include "driver/pipeline.h"

namespace querylint::driver {

/// What the cache knows of a whole run. Everything that the outcome depends on is hashed: the paths
/// and texts of all files, the configuration and the selected rules; the cache itself belongs to
/// one build.
class Memory {
 public:
  Memory(const Input& input, const Reading& reading);

  struct Remembered {
    Outcome outcome;
    std::vector<std::string> notices;  ///< all of the run
  };
  std::optional<Remembered> find() const;
  void keep(const Outcome& outcome, const std::vector<std::string>& notices) const;

 private:
  const Input& input_;
  base::ContentHash place_;  ///< of the project's paths and settings: where its last run is kept
  base::ContentHash key_;    ///< of all, with the texts
};

}  // namespace querylint::driver
