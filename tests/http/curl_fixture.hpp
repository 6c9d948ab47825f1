#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "core/clock.hpp"
#include "http/curl_client.hpp"
#include "support/fake_clock.hpp"
#include "support/test_server.hpp"

namespace engagement::test {

// A client, a server on loopback, and a clock that stands still unless a test moves it: no transfer can time out by
// being slow.
struct CurlFixture {
  FakeClock clock;
  TestServer server;
  http::CurlClient client{clock, {}};
  std::stop_source source;

  http::Response send(const http::Request& request) {
    http::Response response;
    client.send(request, response, source.get_token());
    return response;
  }

  http::Response get(const std::string& path) { return send(get_request(path)); }

  http::Request get_request(const std::string& path) const {
    http::Request request;
    request.url = server.url(path);
    return request;
  }

  http::Request post_request(const std::string& path, std::string body) const {
    http::Request request = get_request(path);
    request.method = http::Method::post;
    request.body = std::move(body);
    return request;
  }
};

// "HTTP/1.1 200 OK" with the body's length; `more_headers` are whole lines.
inline std::string http_ok(std::string_view body, std::string_view more_headers = {}) {
  return "HTTP/1.1 200 OK\r\n" + std::string(more_headers) + "Content-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

inline std::string http_redirect(int status, const std::string& location) {
  return "HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + location +
         "\r\nContent-Length: 4\r\n\r\ngone";
}

// `body` in chunks of `size` bytes, the last chunk left out where `cut` says so.
inline std::string http_chunked(std::string_view body, std::size_t size, std::string_view more_headers = {},
                                bool cut = false) {
  std::string answer = "HTTP/1.1 200 OK\r\n" + std::string(more_headers) + "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += size) {
    const std::string_view chunk = body.substr(at, size);
    char length[32];
    std::snprintf(length, sizeof length, "%zx\r\n", chunk.size());
    answer.append(length).append(chunk).append("\r\n");
  }
  return cut ? answer : answer + "0\r\n\r\n";
}

inline std::size_t count_requests(const TestServer& server, std::string_view request_line) {
  std::size_t count = 0;
  for (const std::string& request : server.requests()) count += request.rfind(request_line, 0) == 0 ? 1 : 0;
  return count;
}

}  // namespace engagement::test
