#include "http/response_receiver.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace engagement::http {

namespace {

// What Content-Length may reserve at once: it is the server's word only, and the buffer grows by itself.
constexpr std::size_t kMostReserved = 64 * 1024 * 1024;
// What JSON usually shrinks by at least; address space that stays unused is never touched.
constexpr std::size_t kUsualInflation = 4;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

// "HTTP/1.1 200 OK" -> 200; 0 for what has no number there.
int status_of(std::string_view status_line) {
  const std::size_t blank = status_line.find(' ');
  int status = 0;
  if (blank == std::string_view::npos) return status;
  const std::string_view number = trimmed(status_line.substr(blank));
  std::from_chars(number.data(), number.data() + number.size(), status);
  return status;
}

// The codings of all Content-Encoding headers in their order, `identity` left out, joined by a comma.
std::string content_codings(const Response& response) {
  std::string codings;
  for (const Header& header : response.headers) {
    if (lower(header.name) != "content-encoding") continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string coding = lower(trimmed(rest.substr(0, comma)));
      if (!coding.empty() && coding != "identity") codings += (codings.empty() ? "" : ",") + coding;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return codings;
}

}  // namespace

void ResponseReceiver::begin(Response& response) {
  response_ = &response;
  response.clear();
  coding_ = Coding::undecided;
  headers_complete_ = false;
}

void ResponseReceiver::header_line(std::string_view line) {
  if (headers_complete_) return;
  const bool folded = !line.empty() && (line.front() == ' ' || line.front() == '\t');
  const std::string_view text = trimmed(line);
  if (text.empty()) {
    // 1xx announces that the real answer follows; 101 does not, but we never ask for an upgrade.
    headers_complete_ = response_->status >= 200;
  } else if (folded) {  // the older form of a long value, RFC 9112 section 5.2
    if (!response_->headers.empty()) response_->headers.back().value.append(" ").append(text);
  } else if (text.substr(0, 5) == "HTTP/") {
    response_->headers.clear();
    response_->status = status_of(text);
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    response_->headers.push_back(
        {std::string(trimmed(text.substr(0, colon))), std::string(trimmed(text.substr(colon + 1)))});
  }
}

bool ResponseReceiver::body_bytes(std::string_view bytes) {
  if (coding_ == Coding::undecided) decide_coding();
  response_->wire_bytes += bytes.size();
  switch (coding_) {
    case Coding::identity:
      response_->body.append(bytes);
      return true;
    case Coding::inflated:
      return inflater_.feed(bytes, response_->body) || fail("the compressed body is corrupt");
    case Coding::undecided:
    case Coding::unknown:
      break;
  }
  return fail("the body has a Content-Encoding that was not asked for");
}

void ResponseReceiver::end() {
  if (!headers_complete_) {  // libcurl lets it pass
    response_->error = TransportError{TransportFault::broken, "the answer ends within its headers"};
    return;
  }
  // Nothing at all is a legal body whatever the header says: servers name the coding of an empty answer, too.
  if (coding_ == Coding::inflated && !response_->error && !inflater_.finished()) {
    fail("the compressed body ends before its end");
  }
}

void ResponseReceiver::decide_coding() {
  const std::string codings = content_codings(*response_);
  if (codings.empty()) {
    coding_ = Coding::identity;
    reserve_body(1);
  } else if (codings == "gzip" || codings == "x-gzip" || codings == "deflate") {
    coding_ = Coding::inflated;
    inflater_.begin(codings == "deflate" ? Inflater::Format::deflate : Inflater::Format::gzip);
    reserve_body(kUsualInflation);
  } else {
    coding_ = Coding::unknown;
  }
}

void ResponseReceiver::reserve_body(std::size_t factor) {
  const std::optional<std::string_view> length = response_->header("Content-Length");
  std::uint64_t bytes = 0;
  if (!length || std::from_chars(length->data(), length->data() + length->size(), bytes).ec != std::errc()) return;
  response_->body.reserve_room(std::min<std::uint64_t>(bytes, kMostReserved / factor) * factor);
}

bool ResponseReceiver::fail(const char* detail) {
  response_->error = TransportError{TransportFault::bad_encoding, detail};
  return false;
}

}  // namespace engagement::http
