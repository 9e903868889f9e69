// An editor in the same process: drives the language server as a client does, over files in memory.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "driver/server/server.h"
#include "tests/support/files.h"

namespace querylint::tests {

using driver::server::Json;

/// What a client says that it can do.
struct Abilities {
  std::string encoding = "utf-16";
  bool pulls = false;
};

class Editor {
 public:
  /// One folder, `/project`, with these files; all rules are on.
  explicit Editor(const Files& files, const Abilities& abilities = {},
                  const driver::Config& config = {});

  /// What the server does when everything has been handled.
  Json request(const std::string& method, const Json& params);
  void notify(const std::string& method, const Json& params);
  /// Lets the server work until nothing is left to do.
  void settle();

  void open(const std::string& path, const std::string& text);
  /// Replaces bytes of an open document.
  void edit(const std::string& path, std::size_t begin, std::size_t end, const std::string& text);
  void replace_all(const std::string& path, const std::string& text);
  void close(const std::string& path);
  /// Changes the disk and tells the server; without a text the file is removed.
  void write(const std::string& path, const std::optional<std::string>& text);

  /// All findings of the project, and as a report.
  const std::vector<diagnostics::Diagnostic>& findings() const;
  std::string json() const;
  /// The diagnostics that the server last sent of a file.
  Json published(const std::string& path) const;
  const std::vector<Json>& messages() const { return messages_; }
  void forget_messages() { messages_.clear(); }
  const Files& disk() const { return *disk_; }
  /// The texts of open documents.
  const Files& opened() const { return open_; }
  /// The files as the editor sees them: open documents over the disk.
  Files files() const;
  driver::server::Server& server() { return *server_; }

  static std::string uri(const std::string& path) { return "file:///project/" + path; }

 private:
  void note(const std::string& body);

  std::shared_ptr<Files> disk_;
  Files open_;
  std::map<std::string, Json> published_;  ///< by URI
  std::vector<Json> messages_;
  std::unique_ptr<driver::server::Server> server_;
  std::int64_t last_id_ = 0;
  std::int64_t last_version_ = 0;
  Json answer_;
};

}  // namespace querylint::tests
