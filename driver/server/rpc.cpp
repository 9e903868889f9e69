#include "driver/server/rpc.h"

namespace querylint::driver::server {
namespace {

constexpr int deepest = 100;  // of what protocol messages nest; JSON values are freed recursively

Json parse(std::string_view body) {
  bool is_too_deep = false;
  const auto note_depth = [&](int depth, Json::parse_event_t, Json&) {
    is_too_deep = is_too_deep || depth > deepest;
    return depth <= deepest;
  };
  Json parsed = Json::parse(body, note_depth, false);
  if (parsed.is_discarded() || is_too_deep) {
    throw ProtocolError(ErrorCode::parse_error, is_too_deep ? "the message is nested too deeply"
                                                            : "the message is no JSON");
  }
  return parsed;
}

std::string text_of(const Json& message) {
  // What came from files may hold bytes that are no UTF-8.
  return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool is_id(const Json& id) { return id.is_number_integer() || id.is_string(); }

}  // namespace

Message parse_message(std::string_view body) {
  Json parsed = parse(body);
  const auto invalid = [](const char* why) {
    return ProtocolError(ErrorCode::invalid_request, why);
  };
  if (!parsed.is_object()) throw invalid("a message must be one JSON object");
  if (part(parsed, "jsonrpc") != "2.0") throw invalid("the message is not of JSON-RPC 2.0");
  Message message;
  const bool has_id = parsed.contains("id");
  if (has_id) message.id = std::move(parsed["id"]);
  if (parsed.contains("method")) {
    if (!parsed["method"].is_string()) throw invalid("the method must be a string");
    if (has_id && !is_id(message.id)) throw invalid("an id must be an integer or a string");
    message.kind = has_id ? Message::Kind::request : Message::Kind::notification;
    message.method = parsed["method"].get<std::string>();
    if (parsed.contains("params")) message.params = std::move(parsed["params"]);
    return message;
  }
  if (!has_id || (!parsed.contains("result") && !parsed.contains("error"))) {
    throw invalid("the message is no request, notification or response");
  }
  message.kind = Message::Kind::response;
  message.is_error = parsed.contains("error");
  return message;
}

std::string result_message(const Json& id, const Json& result) {
  return text_of({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

std::string error_message(const Json& id, ErrorCode code, std::string_view message) {
  return text_of({{"jsonrpc", "2.0"},
                  {"id", id},
                  {"error", {{"code", static_cast<int>(code)}, {"message", message}}}});
}

std::string request_message(const Json& id, std::string_view method, const Json& params) {
  Json message = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}};
  if (!params.is_null()) message["params"] = params;
  return text_of(message);
}

std::string notification_message(std::string_view method, const Json& params) {
  return text_of({{"jsonrpc", "2.0"}, {"method", method}, {"params", params}});
}

const Json& part(const Json& object, std::string_view key) {
  static const Json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

const Json& part(const Json& object, std::initializer_list<std::string_view> keys) {
  const Json* at = &object;
  for (const std::string_view key : keys) at = &part(*at, key);
  return *at;
}

std::string required_string(const Json& object, std::initializer_list<std::string_view> keys) {
  const Json& found = part(object, keys);
  if (found.is_string()) return found.get<std::string>();
  std::string path;
  for (const std::string_view key : keys) path.append(path.empty() ? "" : ".").append(key);
  throw ProtocolError(ErrorCode::invalid_params, "`" + path + "` must be a string");
}

bool flag_of(const Json& object, std::initializer_list<std::string_view> keys) {
  const Json& found = part(object, keys);
  return found.is_boolean() && found.get<bool>();
}

}  // namespace querylint::driver::server
