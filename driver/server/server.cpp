#include "driver/server/server.h"

#include <algorithm>

#include "driver/server/pages.h"
#include "driver/version.h"

namespace querylint::driver::server {

void Server::receive(std::string_view body) {
  Message message;
  try {
    message = parse_message(body);
  } catch (const ProtocolError& error) {
    send_(error_message(nullptr, error.code(), error.what()));
    return;
  }
  if (message.method == "$/cancelRequest") {
    cancel(message.params);
  } else {
    queue_.push_back(std::move(message));
  }
}

void Server::reject(std::string_view why) {
  send_(error_message(nullptr, ErrorCode::parse_error, why));
}

bool Server::step() {
  if (!queue_.empty()) {
    Message message = std::move(queue_.front());
    queue_.pop_front();
    handle(message);
    return true;
  }
  for (const auto& root : roots_) {
    if (root->is_current()) continue;
    if (root->work()) {
      publish_known(*root);
      answer_known(*root);
    }
    if (client_.shows_progress) progress_.report(root->state());
    return true;
  }
  progress_.end();
  if (!waiting_.empty()) {
    answer_waiting();
    return true;
  }
  if (must_publish_) {
    must_publish_ = false;
    publish();
    return true;
  }
  return false;
}

void Server::handle(Message& message) {
  if (message.kind == Message::Kind::response) {
    progress_.answered(message.id, !message.is_error);
    return;
  }
  if (message.kind == Message::Kind::notification) {
    notice(message);
    return;
  }
  if (cancelled_.erase(message.id) > 0) {
    send_(error_message(message.id, ErrorCode::request_cancelled, "cancelled"));
  } else if (phase_ == Phase::running && waits_for_analysis(message)) {
    waiting_.push_back(std::move(message));
  } else {
    answer(message);
  }
}

bool Server::waits_for_analysis(const Message& request) const {
  return request.method == "textDocument/diagnostic" || request.method == "workspace/diagnostic" ||
         request.method == "textDocument/hover" || request.method == "textDocument/codeAction";
}

/// Whether a request is about a document of the root whose findings need not wait for the rest.
/// Diagnostics are asked for once more where the rest adds some: by clients that can be told to.
bool Server::may_answer(const Message& request, const Root& root) {
  const bool is_final = request.method == "textDocument/diagnostic" &&
                        !client_.refreshes_diagnostics && !root.is_current();
  const Json& uri = part(request.params, {"textDocument", "uri"});
  if (is_final || !uri.is_string()) return false;
  const auto found = locate_uri(uri.get<std::string>());
  return found && found->root == &root && root.knows(found->relative);
}

/// The root has just got new findings.
void Server::answer_known(Root& root) {
  std::deque<Message> others;
  for (Message& request : std::exchange(waiting_, {})) {
    if (may_answer(request, root)) {
      answer(request);
    } else {
      others.push_back(std::move(request));
    }
  }
  waiting_ = std::move(others);
}

void Server::answer_waiting() {
  const Message request = std::move(waiting_.front());
  waiting_.pop_front();
  answer(request);
}

void Server::answer(const Message& request) {
  using Handler = Json (Server::*)(const Json&);
  static const std::map<std::string_view, Handler> handlers = {
      {"textDocument/hover", &Server::hover},
      {"textDocument/codeAction", &Server::actions},
      {"textDocument/diagnostic", &Server::document_diagnostics},
      {"workspace/diagnostic", &Server::workspace_diagnostics},
      {"workspace/executeCommand", &Server::execute}};
  try {
    Json result;
    const bool is_first = request.method == "initialize";
    if (is_first != (phase_ == Phase::fresh)) {
      throw ProtocolError(
          is_first ? ErrorCode::invalid_request : ErrorCode::server_not_initialized,
          is_first ? "the server is initialized already" : "the server is not initialized yet");
    }
    if (phase_ == Phase::shut_down) {
      throw ProtocolError(ErrorCode::invalid_request, "the server is shut down");
    }
    const auto handler = handlers.find(request.method);
    if (is_first) {
      result = initialize(request.params);
    } else if (request.method == "shutdown") {
      result = shutdown();
    } else if (handler != handlers.end()) {
      result = (this->*handler->second)(request.params);
    } else {
      throw ProtocolError(ErrorCode::method_not_found, "there is no method " + request.method);
    }
    send_(result_message(request.id, result));
  } catch (const ProtocolError& error) {
    send_(error_message(request.id, error.code(), error.what()));
  } catch (const std::exception& error) {
    send_(error_message(request.id, ErrorCode::internal_error, error.what()));
  }
}

void Server::notice(const Message& notification) {
  using Handler = void (Server::*)(const Json&);
  static const std::map<std::string_view, Handler> handlers = {
      {"textDocument/didOpen", &Server::open},
      {"textDocument/didChange", &Server::change},
      {"textDocument/didClose", &Server::close},
      {"textDocument/didSave", &Server::save},
      {"workspace/didChangeWatchedFiles", &Server::change_files},
      {"workspace/didChangeWorkspaceFolders", &Server::change_folders},
      {"$/setTrace", &Server::set_trace}};
  if (notification.method == "exit") {
    exit_code_ = phase_ == Phase::shut_down ? 0 : 1;
    return;
  }
  if (phase_ != Phase::running) return;  // as the protocol has it: dropped
  try {
    const auto handler = handlers.find(notification.method);
    if (handler != handlers.end()) {
      (this->*handler->second)(notification.params);
    } else if (notification.method == "initialized") {
      initialized();
    } else if (notification.method == "workspace/didChangeConfiguration") {
      reload();
    }
  } catch (const std::exception& error) {  // there is nobody to answer
    log(notification.method + ": " + error.what());
  }
}

Json Server::initialize(const Json& params) {
  client_ = client_of(part(params, "capabilities"));
  const Json& process = part(params, "processId");
  if (process.is_number_integer()) client_process_ = process.get<std::int64_t>();
  if (part(params, "trace").is_string()) trace_ = params["trace"].get<std::string>();
  const Json& folders = part(params, "workspaceFolders");
  if (folders.is_array()) {
    for (const Json& folder : folders) add_folder(folder);
  } else if (part(params, "rootUri").is_string()) {
    add_folder({{"uri", params["rootUri"]}});
  } else if (part(params, "rootPath").is_string()) {
    add_folder({{"uri", "file://" + params["rootPath"].get<std::string>()}});
  }
  phase_ = Phase::running;
  return {{"capabilities", server_capabilities(client_)},
          {"serverInfo", {{"name", "querylint"}, {"version", version}}}};
}

void Server::initialized() {
  if (client_.registers_watchers) watch_files();
  must_publish_ = true;
}

Json Server::shutdown() {
  phase_ = Phase::shut_down;
  for (const Message& request : waiting_) {
    send_(error_message(request.id, ErrorCode::request_cancelled, "the server is shut down"));
  }
  waiting_.clear();
  roots_.clear();
  documents_.clear();
  must_publish_ = false;
  return nullptr;
}

void Server::set_trace(const Json& params) { trace_ = required_string(params, {"value"}); }

/// A request that has been answered already is none of the waiting ones, nor will it come.
void Server::cancel(const Json& params) {
  const Json& id = part(params, "id");
  const auto is_it = [&](const Message& message) {
    return message.kind == Message::Kind::request && message.id == id;
  };
  if (std::ranges::any_of(queue_, is_it)) cancelled_.insert(id);
  const auto found = std::ranges::find_if(waiting_, is_it);
  if (found == waiting_.end()) return;
  waiting_.erase(found);
  send_(error_message(id, ErrorCode::request_cancelled, "cancelled"));
}

Json Server::execute(const Json& params) {
  const std::string command = required_string(params, {"command"});
  if (command != explain_command) {
    throw ProtocolError(ErrorCode::invalid_params, "there is no command " + command);
  }
  const Json& arguments = part(params, "arguments");
  const bool has_rule = arguments.is_array() && !arguments.empty() && arguments[0].is_string();
  const std::string rule = has_rule ? arguments[0].get<std::string>() : std::string();
  const std::string_view page = page_of(rule);
  if (page.empty()) {
    throw ProtocolError(ErrorCode::invalid_params, "no rule is called `" + rule + "`");
  }
  const std::string uri = page_uri(rule, options_.cache_folder);
  if (client_.shows_documents && !uri.empty()) {
    request("window/showDocument", {{"uri", uri}, {"takeFocus", true}});
  } else {
    say(3, std::string(page));
  }
  return page;
}

}  // namespace querylint::driver::server
