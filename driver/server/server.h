// The language server: messages in, messages out, and work in between.
//
// It is a state machine without threads or descriptors of its own, so that tests, benchmarks and
// the fuzzer drive it as `serve` does: `receive` what has come, `step` while there is something to
// do. Messages are handled in their order. Requests that need the analysis wait until it has caught
// up with the edits before them, at least in their file; they, and requests still in the queue, can
// be cancelled. The client is told of an edited file's findings as soon as they are known, and of
// all others when all is.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "driver/server/client.h"
#include "driver/server/document.h"
#include "driver/server/root.h"
#include "driver/server/work_progress.h"

namespace querylint::driver::server {

class Server {
 public:
  using Send = std::function<void(std::string body)>;

  Server(RootOptions options, Send send)
      : options_(std::move(options)), send_(std::move(send)), progress_(send_) {}

  /// Takes the body of a message. Never throws for what is in it.
  void receive(std::string_view body);
  /// Tells the client that bytes came which are no message.
  void reject(std::string_view why);

  /// Handles a message or does a part of the analysis; false when there is nothing left to do.
  bool step();

  /// Whether some that were received are not handled yet.
  bool has_messages() const { return !queue_.empty(); }

  /// Set once the client has asked to exit: 0 when it had asked to shut down before, else 1.
  std::optional<int> exit_code() const { return exit_code_; }
  /// The process whose end is the end of the client; 0: not known.
  std::int64_t client_process() const { return client_process_; }

  /// Findings of all roots; for tests.
  const std::vector<std::unique_ptr<Root>>& roots() const { return roots_; }

 private:
  enum class Phase : std::uint8_t { fresh, running, shut_down };

  /// A file that some root holds.
  struct Located {
    Root* root;
    std::string relative;
  };

  /// The findings of a file that has some.
  struct OfFile {
    std::string uri;
    std::vector<const diagnostics::Diagnostic*> findings;
  };

  using TextHashes = std::unordered_map<std::string, std::uint64_t>;  ///< by path

  // server.cpp: the life of a session
  void handle(Message& message);
  void answer(const Message& request);
  void notice(const Message& notification);
  Json initialize(const Json& params);
  void initialized();
  Json shutdown();
  void set_trace(const Json& params);
  void cancel(const Json& params);
  Json execute(const Json& params);
  bool waits_for_analysis(const Message& request) const;
  bool may_answer(const Message& request, const Root& root);
  void answer_known(Root& root);
  void answer_waiting();

  // sync.cpp: documents, files and folders
  void add_folder(const Json& folder);
  void change_folders(const Json& params);
  void open(const Json& params);
  void change(const Json& params);
  void close(const Json& params);
  void save(const Json& params);
  void change_files(const Json& params);
  void reload();
  void watch_files();
  std::optional<Located> locate(const std::string& path);
  std::optional<Located> locate_uri(const std::string& uri);
  Document& document(const Json& params);
  std::optional<std::int64_t> version_of(const std::string& path) const;

  // reporting.cpp: what the client gets to see
  Json hover(const Json& params);
  Json actions(const Json& params);
  Json document_diagnostics(const Json& params);
  Json workspace_diagnostics(const Json& params);
  void publish();
  void publish_root(Root& root, std::set<std::string>& published);
  void publish_known(Root& root);
  void publish_file(Root& root, const OfFile& file, TextHashes& hashes);
  void withdraw(const std::string& uri);
  std::map<std::string, OfFile> findings_by_file(Root& root);
  Json items_of(Root& root, const OfFile& file) const;
  static std::uint64_t signature_of(Root& root, const OfFile& file, TextHashes& hashes);
  std::string uri_of(const std::string& path) const;
  void say(int kind, const std::string& text);
  void log(const std::string& text, const std::string& details = {});
  void notify(std::string_view method, const Json& params);
  void request(std::string_view method, const Json& params);

  RootOptions options_;
  Send send_;
  WorkProgress progress_;
  Phase phase_ = Phase::fresh;
  Client client_;
  std::string trace_ = "off";
  std::int64_t client_process_ = 0;
  std::optional<int> exit_code_;
  std::int64_t last_request_ = 0;

  std::deque<Message> queue_;
  std::deque<Message> waiting_;  ///< requests that need the analysis
  std::set<Json> cancelled_;     ///< ids of requests in the queue
  std::vector<std::unique_ptr<Root>> roots_;
  std::map<std::string, Document> documents_;  ///< by URI
  /// Signatures of what the client was last told, by URI; of files that have findings.
  std::map<std::string, std::uint64_t> published_;
  bool must_publish_ = false;  ///< the analysis has, or will have, something new
};

}  // namespace querylint::driver::server
