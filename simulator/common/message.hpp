#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "simulator/common/page_body.hpp"

namespace engagement::simulator {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string path;   // without the query
  std::string query;  // as it came, still percent-encoded, without the `?`
  Headers headers;
  std::string body;

  // The value of a header, whatever the case of its name; nullopt where it is absent.
  std::optional<std::string> header(std::string_view name) const;
};

// What goes wrong on the way: the server does it to a reply that is otherwise complete.
struct Delivery {
  std::chrono::milliseconds stall{};  // a wait, before the headers or, with stall_in_body, after half the body
  bool stall_in_body = false;
  std::size_t bytes_per_second = 0;      // 0: as fast as it goes
  std::optional<std::size_t> cut_after;  // the connection ends after so many bytes of the promised body
  bool reset = false;                    // what is cut ends in a TCP reset; without cut_after, before any byte
};

struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  Headers headers;
  std::vector<Piece> body;
  Delivery delivery;
  // Called once, on the server's thread, before the write that ends the body (so before the client can know), or when
  // the connection ended earlier. `bytes` is the body's size.
  std::function<void(std::size_t bytes)> finished;

  std::size_t size() const;
  std::string text() const;  // the body in one piece
  void set_text(std::string text);
};

}  // namespace engagement::simulator
