// JSON-RPC 2.0 as the Language Server Protocol 3.17 uses it: one object a message, no batches.
#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace querylint::driver::server {

using Json = nlohmann::json;

enum class ErrorCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  server_not_initialized = -32002,
  content_modified = -32801,
  request_cancelled = -32800,
};

/// What a request is answered with when it cannot be fulfilled.
class ProtocolError : public std::runtime_error {
 public:
  ProtocolError(ErrorCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

struct Message {
  enum class Kind { request, notification, response };

  Kind kind = Kind::notification;
  Json id;                ///< of a request or response: a number or a string
  std::string method;     ///< empty for responses
  Json params;            ///< an object, an array or null
  bool is_error = false;  ///< of a response
};

/// Throws `ProtocolError` for what is no JSON, no message, or nested deeper than any message is.
Message parse_message(std::string_view body);

std::string result_message(const Json& id, const Json& result);
std::string error_message(const Json& id, ErrorCode code, std::string_view message);
/// Without `params` where they are null.
std::string request_message(const Json& id, std::string_view method, const Json& params);
std::string notification_message(std::string_view method, const Json& params);

// Parts of params. What a client must send and did not is an error of its.

/// Null where it is not there, or where `object` is no object.
const Json& part(const Json& object, std::string_view key);
/// The same along a path of keys.
const Json& part(const Json& object, std::initializer_list<std::string_view> keys);
std::string required_string(const Json& object, std::initializer_list<std::string_view> keys);
bool flag_of(const Json& object, std::initializer_list<std::string_view> keys);

}  // namespace querylint::driver::server
