// The base protocol: messages in a stream of bytes, each behind a header with its length.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace querylint::driver::server {

/// The body of a message, or what is wrong with the bytes that stood in its place.
struct Frame {
  std::string body;
  std::string error;
};

/// Takes bytes as they come and gives whole messages. Bytes that are no message are skipped up to
/// the next header, and reported once.
class FrameReader {
 public:
  /// No message of an editor is longer, in bytes; a longer one is an error.
  static constexpr std::size_t longest_body = std::size_t{64} * 1024 * 1024;
  static constexpr std::size_t longest_header = std::size_t{8} * 1024;

  void feed(std::string_view bytes) { bytes_.append(bytes); }
  std::optional<Frame> next();

 private:
  Frame lose(std::string why);
  bool find_header();

  std::string bytes_;
  bool is_lost_ = false;  ///< what comes is no header
};

/// A message as it is sent.
std::string framed(std::string_view body);

}  // namespace querylint::driver::server
