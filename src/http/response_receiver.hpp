#pragma once

#include <string_view>

#include "http/inflater.hpp"
#include "http/message.hpp"

namespace engagement::http {

// Builds a Response from what arrives: header lines, then pieces of the body, inflated straight into the response's
// buffer. Serves one answer after another (begin(), header_line()…, body_bytes()…, end()) and keeps the inflater's
// memory between them. Not thread safe.
class ResponseReceiver {
 public:
  // Clears `response`, which must outlive the answer.
  void begin(Response& response);
  // One line with or without its line end, status lines and the empty line included. A further status line (after a
  // 1xx answer) drops what the earlier one brought; lines behind the final header block (trailers) are ignored.
  void header_line(std::string_view line);
  // False when the body cannot be decoded: response.error is then set and the transfer may as well be cut.
  bool body_bytes(std::string_view bytes);
  // The transport says that the answer is complete: sets response.error when its headers or the body's encoding say
  // that it is not.
  void end();

 private:
  enum class Coding { undecided, identity, inflated, unknown };

  void decide_coding();
  void reserve_body(std::size_t factor);
  bool fail(const char* detail);

  Response* response_ = nullptr;
  Inflater inflater_;
  Coding coding_ = Coding::undecided;
  bool headers_complete_ = false;
};

}  // namespace engagement::http
