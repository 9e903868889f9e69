// What is measured: whole runs of querylint over files in memory, on one thread, with all rules.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "driver/config.h"
#include "driver/disk.h"

namespace querylint::benchmarks {

/// The Python files of a project.
struct Sources {
  std::map<std::string, std::string> files;  ///< texts by path
  driver::Config config;

  std::size_t bytes() const;
};

/// Reads the project that `path` belongs to. Throws `std::runtime_error` when there is none.
Sources read_sources(const std::string& path);

/// Those of them that a run parses.
Sources parsed_sources(const Sources& sources);

/// Only runs tree-sitter over all files: what a run is compared with.
void parse_only(const Sources& sources);

/// From the files to a report in JSON. Without a cache folder all is done anew.
std::string run(driver::Disk& disk, const driver::Config& config,
                const std::string& cache_folder = {});

}  // namespace querylint::benchmarks
