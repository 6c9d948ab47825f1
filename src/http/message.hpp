#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "json/padded_buffer.hpp"

namespace engagement::http {

enum class Method { get, post };
std::string_view to_string(Method method);

// The text as a part of a path, a query's value or a form's: all but letters, digits and -._~ as %XX.
std::string percent_encoded(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  Method method = Method::get;
  // Sent exactly as it is: whoever builds it encodes it, once.
  std::string url;
  std::vector<Header> headers;
  std::string body;
  // Cuts the transfer at this moment of the client's clock, whatever it is doing. `check` sets it.
  std::optional<SteadyTime> deadline;
  // False for what must never be sent twice (an OAuth refresh): forbids the silent repeat on a reused connection, and
  // redirects.
  bool repeatable = true;
};

// Why there is no complete answer. The answer may have begun: status and headers are then what came.
enum class TransportFault {
  cannot_resolve,    // DNS
  cannot_connect,    // refused, unreachable, 30 s without a connection
  tls,               // handshake or certificate; retrying rarely helps, the message says so
  timeout,           // 300 s without the first byte, or 60 s without a further one
  deadline,          // the request's own deadline
  broken,            // reset, closed in the middle, shorter than announced
  bad_encoding,      // Content-Encoding that is unknown, garbage, or cut
  refused_redirect,  // a redirect to another host, too many of them, or one of a request that is not repeatable
  bad_url,           // not https (nor http to a loopback address), no URL, or a header with a line break
};
std::string_view to_string(TransportFault fault);

struct TransportError {
  TransportFault fault;
  std::string detail;  // the library's words, without secrets
};

// What came back. HTTP outcomes are values: a 500 is a Response as much as a 200.
struct Response {
  int status = 0;  // 0 where no status line came
  std::vector<Header> headers;
  json::PaddedBuffer body;  // inflated, padded
  std::optional<TransportError> error;
  std::uint64_t wire_bytes = 0;  // body bytes as they came, before inflating

  bool complete() const { return !error.has_value(); }
  // The first header of that name, whatever its case; nullopt where there is none.
  std::optional<std::string_view> header(std::string_view name) const;
  // Ready for the next answer; keeps the body's memory.
  void clear();
};

}  // namespace engagement::http
