#include "protocol/writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "core/error.hpp"
#include "core/utf8_points.hpp"

namespace engagement::protocol {
namespace {

// The platform cuts the messages of an error here; so that no secret is cut in two and left half, we do it ourselves,
// after redaction.
constexpr std::size_t kMostCharacters = 50'000;
constexpr int kPipeBytes = 256 * 1024;

// UTF-16 units, which is what the platform counts: no text is longer by any other count of characters.
void cut(std::string& text) {
  if (text.size() <= kMostCharacters) return;
  std::size_t units = 0, bytes = 0;
  // No character is longer than four bytes, so what counts lies in this prefix.
  for (const auto& point : utf8_points(std::string_view(text).substr(0, 4 * (kMostCharacters + 1)))) {
    units += point.value > 0xffff ? 2 : 1;
    if (units > kMostCharacters) break;
    bytes += point.text.size();
  }
  text.resize(bytes);
}

// The members whose text is not free: the protocol's own words, and the stream's name, which has to stay that of the
// catalog whatever the secrets are.
bool is_fixed(std::string_view key) {
  constexpr std::array<std::string_view, 6> kFixed{"type",         "level",   "status", "stream_descriptor",
                                                   "failure_type", "estimate"};
  return std::find(kFixed.begin(), kFixed.end(), key) != kFixed.end();
}

void redact_texts(Json& value, const Redactor& redactor) {
  if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    text = redactor.redact(text);
    cut(text);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (!is_fixed(key)) redact_texts(member, redactor);
    }
  } else if (value.is_array()) {
    for (auto& element : value) redact_texts(element, redactor);
  }
}

bool is_for_people(const Json& message) {
  const auto type = message.find("type");
  if (type == message.end() || !type->is_string()) return true;
  const auto& text = type->get_ref<const std::string&>();
  return text == "LOG" || text == "TRACE" || text == "CONNECTION_STATUS";
}

// The message as one line. Some readers (Python's splitlines()) end a line at U+0085, U+2028 and U+2029 too; bytes
// above 0x7f stand only inside of JSON strings, so an escape is the same value.
void append_line(const Json& message, std::string& line) {
  const std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::size_t copied = 0;
  for (std::size_t at = text.find_first_of("\xc2\xe2"); at != std::string::npos;
       at = text.find_first_of("\xc2\xe2", at + 1)) {
    const std::string_view rest = std::string_view(text).substr(at);
    const bool next_line = rest.starts_with("\xc2\x85");
    const bool line_separator = rest.starts_with("\xe2\x80\xa8");
    if (!next_line && !line_separator && !rest.starts_with("\xe2\x80\xa9")) continue;
    line.append(text, copied, at - copied);
    line += next_line ? "\\u0085" : line_separator ? "\\u2028" : "\\u2029";
    copied = at + (next_line ? 2 : 3);
  }
  line.append(text, copied).push_back('\n');
}

}  // namespace

void Writer::write_records(std::string_view lines) {
  if (lines.empty()) return;
  const std::lock_guard lock(mutex_);
  if (stop_.stop_requested()) throw Stopped();
  sink_.write(lines);
}

void Writer::write(const Json& message) {
  std::string line;
  if (is_for_people(message)) {
    Json redacted = message;
    redact_texts(redacted, redactor_);
    append_line(redacted, line);
  } else {
    append_line(message, line);
  }
  const std::lock_guard lock(mutex_);
  sink_.write(line);
}

bool reader_is_gone(int file_descriptor) {
  pollfd state{file_descriptor, 0, 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP)) != 0;
}

StdoutSink::StdoutSink(int file_descriptor, std::stop_source stop)
    : file_descriptor_(file_descriptor), stop_(std::move(stop)), chunk_(std::numeric_limits<std::size_t>::max()) {
  int capacity = ::fcntl(file_descriptor_, F_GETPIPE_SZ);
  if (capacity <= 0) return;  // no pipe: a file or a terminal takes what it is given
  // A larger pipe may be refused (the system's limit for all pipes of a user); then the one we have serves.
  const bool is_small = capacity < kPipeBytes;
  if (is_small && ::fcntl(file_descriptor_, F_SETPIPE_SZ, kPipeBytes) > 0) {
    capacity = std::max(capacity, ::fcntl(file_descriptor_, F_GETPIPE_SZ));
  }
  chunk_ = static_cast<std::size_t>(capacity);
}

void StdoutSink::write(std::string_view lines) {
  if (closed_) throw Stopped();
  while (!lines.empty()) {
    const ssize_t written = ::write(file_descriptor_, lines.data(), std::min(lines.size(), chunk_));
    if (written >= 0) {
      lines.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      // Whoever shares the descriptor made it non-blocking.
      pollfd ready{file_descriptor_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno == EPIPE) {
      closed_ = true;
      stop_.request_stop();
      throw Stopped();
    } else if (errno != EINTR) {
      throw system_error("The output could not be written: " + std::generic_category().message(errno) +
                             ". Make room on the disk or mend the place that standard output leads to, then try again.",
                         "write() to standard output failed, errno " + std::to_string(errno));
    }
  }
}

}  // namespace engagement::protocol
