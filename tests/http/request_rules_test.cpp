#include "http/request_rules.hpp"

#include <netinet/in.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

namespace engagement::http {
namespace {

TEST_CASE("loopback hosts are the loopback addresses and the names below localhost") {
  for (const char* host : {"localhost", "LocalHost", "api.localhost", "127.0.0.1", "127.255.0.3", "[::1]"}) {
    CAPTURE(host);
    CHECK(is_loopback_host(host));
  }
  for (const char* host : {"", "evil.com", "notlocalhost", "localhost.evil.com", "127.0.0.1.evil.com", "128.0.0.1",
                           "126.0.0.1", "0.0.0.0", "10.0.0.1", "[::]", "[::2]", "[fe80::1]", "::1", "127.0.0"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback_host(host));
  }
}

TEST_CASE("loopback addresses are 127.0.0.0/8 and ::1") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  const auto is_loopback = [&](std::uint32_t address) {
    v4.sin_addr.s_addr = htonl(address);
    return is_loopback_address(reinterpret_cast<const sockaddr*>(&v4));
  };
  CHECK(is_loopback(0x7f000001));
  CHECK(is_loopback(0x7fffffff));
  CHECK_FALSE(is_loopback(0x7effffff));
  CHECK_FALSE(is_loopback(0x80000000));
  CHECK_FALSE(is_loopback(0));

  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  CHECK_FALSE(is_loopback_address(reinterpret_cast<const sockaddr*>(&v6)));
  v6.sin6_addr = in6addr_loopback;
  CHECK(is_loopback_address(reinterpret_cast<const sockaddr*>(&v6)));

  sockaddr other{};
  other.sa_family = AF_UNIX;
  CHECK_FALSE(is_loopback_address(&other));
}

TEST_CASE("only http and https URLs of printable characters are worth parsing") {
  CHECK_FALSE(refuse_url_text("https://api.example.com/1?a=b%20c"));
  CHECK_FALSE(refuse_url_text("HTTPS://api.example.com"));
  CHECK_FALSE(refuse_url_text("http://localhost:1"));
  for (const std::string_view url :
       {"", "ftp://example.com", "example.com", "//example.com", "file:///etc/passwd", "https:/example.com",
        "https://example.com/a b", "https://example.com/a\r\nX: y", "https://example.com/\t", " https://example.com"}) {
    CAPTURE(url);
    const auto refusal = refuse_url_text(url);
    REQUIRE(refusal);
    CHECK(refusal->fault == TransportFault::bad_url);
  }
}

TEST_CASE("the request target is the text between the host and the fragment") {
  CHECK(request_target("https://h/a/b?c=%2Fd%3d&e=/?f//g") == "/a/b?c=%2Fd%3d&e=/?f//g");
  CHECK(request_target("https://h:1/../a/./b//c") == "/../a/./b//c");
  CHECK(request_target("https://h") == "/");
  CHECK(request_target("https://h/") == "/");
  CHECK(request_target("https://h?a=b") == "/?a=b");
  CHECK(request_target("https://h/a#b?c") == "/a");
  CHECK(request_target("https://h#b/c") == "/");
  CHECK(request_target("https://h?#") == "/?");
}

std::vector<std::string> lines_of(const std::vector<Header>& headers, bool accept_gzip) {
  Request request;
  request.headers = headers;
  std::vector<std::string> lines;
  REQUIRE_FALSE(header_lines(request, accept_gzip, lines));
  return lines;
}

TEST_CASE("header lines are the request's own and what the client adds where it has none") {
  using Lines = std::vector<std::string>;
  CHECK(lines_of({{"A", "b"}, {"Empty", ""}}, true) ==
        Lines{"A: b", "Empty;", "Accept-Encoding: gzip, deflate", "Content-Type:", "Expect:"});
  CHECK(lines_of({}, false) == Lines{"Content-Type:", "Expect:"});
  CHECK(lines_of({{"content-type", "application/json"}, {"ACCEPT-ENCODING", "identity"}}, true) ==
        Lines{"content-type: application/json", "ACCEPT-ENCODING: identity", "Expect:"});
}

TEST_CASE("a header that would break out of its line is refused without its value being quoted") {
  for (const Header& header :
       {Header{"A", "pass\nword"}, Header{"A", "password\r\nX: y"}, Header{"A", std::string("pass\0word", 9)},
        Header{"", "password"}, Header{"A:B", "password"}, Header{"A\r\nB", "password"}}) {
    Request request;
    request.headers = {header};
    std::vector<std::string> lines;
    const auto refusal = header_lines(request, true, lines);
    REQUIRE(refusal);
    CHECK(refusal->fault == TransportFault::bad_url);
    CHECK(refusal->detail.find("pass") == std::string::npos);
  }
}

TEST_CASE("a redirect has one of five statuses and an address") {
  Response response;
  response.headers = {{"location", "/there"}};
  for (const int status : {301, 302, 303, 307, 308}) {
    response.status = status;
    CHECK(is_redirect(response));
  }
  for (const int status : {200, 300, 304, 305, 306, 400}) {
    response.status = status;
    CHECK_FALSE(is_redirect(response));
  }
  response.status = 302;
  response.headers.clear();
  CHECK_FALSE(is_redirect(response));
}

}  // namespace
}  // namespace engagement::http
