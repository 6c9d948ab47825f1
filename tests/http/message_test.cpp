#include "http/message.hpp"

#include <set>
#include <string_view>

#include "support/catch.hpp"

namespace engagement::http {
namespace {

TEST_CASE("a response finds a header whatever its case, the first of several") {
  Response response;
  response.headers = {{"Retry-After", "7"}, {"X-Request-Id", "one"}, {"x-request-id", "two"}};
  CHECK(response.header("retry-after") == std::string_view("7"));
  CHECK(response.header("X-REQUEST-ID") == std::string_view("one"));
  CHECK_FALSE(response.header("Retry"));
  CHECK_FALSE(response.header("Retry-After-All"));
}

TEST_CASE("a cleared response is as new but keeps the body's memory") {
  Response response;
  response.status = 500;
  response.headers = {{"A", "b"}};
  response.body.append("text");
  response.error = TransportError{TransportFault::broken, "cut"};
  response.wire_bytes = 4;
  const std::size_t capacity = response.body.capacity();
  CHECK_FALSE(response.complete());

  response.clear();
  CHECK(response.complete());
  CHECK(response.status == 0);
  CHECK(response.headers.empty());
  CHECK(response.body.size() == 0);
  CHECK(response.body.capacity() == capacity);
  CHECK(response.wire_bytes == 0);
}

TEST_CASE("text is percent-encoded but for what means nothing in a URL") {
  CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
  CHECK(percent_encoded("a b+c/d?e=f&g%h") == "a%20b%2Bc%2Fd%3Fe%3Df%26g%25h");
  CHECK(percent_encoded("\u00e9\x01") == "%C3%A9%01");
  CHECK(percent_encoded("").empty());
}

TEST_CASE("every fault and method has a text of its own") {
  std::set<std::string_view> texts;
  for (const auto fault : {TransportFault::cannot_resolve, TransportFault::cannot_connect, TransportFault::tls,
                           TransportFault::timeout, TransportFault::deadline, TransportFault::broken,
                           TransportFault::bad_encoding, TransportFault::refused_redirect, TransportFault::bad_url}) {
    texts.insert(to_string(fault));
  }
  CHECK(texts.size() == 9);
  CHECK(to_string(Method::get) == "GET");
  CHECK(to_string(Method::post) == "POST");
}

}  // namespace
}  // namespace engagement::http
