#include "http/response_receiver.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

#include "http/compressed.hpp"
#include "support/catch.hpp"

namespace engagement::http {
namespace {

using test::compressed;
using test::Wrapper;

void take_lines(ResponseReceiver& receiver, std::initializer_list<std::string_view> lines) {
  for (const std::string_view line : lines) receiver.header_line(std::string(line) + "\r\n");
}

TEST_CASE("header lines become a status and headers without the blanks around them") {
  ResponseReceiver receiver;
  Response response;
  receiver.begin(response);
  take_lines(receiver, {"HTTP/1.1 404 Not Found", "A: 1", "B:2", "C:   3 4  ", "D:", "no colon", "E: x:y", ""});
  CHECK(response.status == 404);
  REQUIRE(response.headers.size() == 5);
  CHECK(response.header("a") == std::string_view("1"));
  CHECK(response.header("b") == std::string_view("2"));
  CHECK(response.header("c") == std::string_view("3 4"));
  CHECK(response.header("d") == std::string_view(""));
  CHECK(response.header("e") == std::string_view("x:y"));
}

TEST_CASE("a folded header line is one value") {
  ResponseReceiver receiver;
  Response response;
  receiver.begin(response);
  take_lines(receiver, {"HTTP/1.1 200 OK", " lost", "A: one", "  two", "\tthree", ""});
  CHECK(response.header("A") == std::string_view("one two three"));
}

TEST_CASE("informational answers are dropped and trailers are ignored") {
  ResponseReceiver receiver;
  Response response;
  receiver.begin(response);
  take_lines(receiver, {"HTTP/1.1 103 Early Hints", "Link: x", "", "HTTP/1.1 200 OK", "A: 1", ""});
  CHECK(receiver.body_bytes("body"));
  take_lines(receiver, {"A-Trailer: 2", "HTTP/1.1 500 No", ""});
  receiver.end();
  CHECK(response.complete());
  CHECK(response.status == 200);
  CHECK(response.headers.size() == 1);
  CHECK(response.body.view() == "body");
}

TEST_CASE("a status line without a number is status 0") {
  ResponseReceiver receiver;
  Response response;
  for (const std::string_view line : {"HTTP/1.1", "HTTP/1.1 what"}) {
    receiver.begin(response);
    receiver.header_line(line);
    CHECK(response.status == 0);
  }
}

TEST_CASE("the body is inflated by the names that mean gzip and deflate, in any case, beside identity") {
  const std::string text = "some text";
  const std::string gzip = compressed(text, Wrapper::gzip);
  const std::string zlib = compressed(text, Wrapper::zlib);
  ResponseReceiver receiver;
  Response response;
  for (const auto& [coding, bytes] : {std::pair("Content-Encoding: gzip", gzip),
                                      {"content-encoding: GZip", gzip},
                                      {"Content-Encoding: x-gzip", gzip},
                                      {"Content-Encoding: identity, gzip", gzip},
                                      {"Content-Encoding: deflate", zlib},
                                      {"Content-Encoding: identity", text},
                                      {"Content-Encoding:", text}}) {
    CAPTURE(coding);
    receiver.begin(response);
    take_lines(receiver, {"HTTP/1.1 200 OK", coding, ""});
    CHECK(receiver.body_bytes(bytes));
    receiver.end();
    CHECK(response.complete());
    CHECK(response.body.view() == text);
    CHECK(response.wire_bytes == bytes.size());
  }
}

TEST_CASE("any other coding is refused") {
  ResponseReceiver receiver;
  Response response;
  for (const std::string_view coding : {"Content-Encoding: br", "Content-Encoding: gzip, gzip",
                                        "Content-Encoding: zstd", "Content-Encoding: gzip, br"}) {
    receiver.begin(response);
    take_lines(receiver, {"HTTP/1.1 200 OK", coding, ""});
    CHECK_FALSE(receiver.body_bytes("x"));
    REQUIRE(response.error);
    CHECK(response.error->fault == TransportFault::bad_encoding);
  }
  receiver.begin(response);  // two headers are one list
  take_lines(receiver, {"HTTP/1.1 200 OK", "Content-Encoding: gzip", "Content-Encoding: br", ""});
  CHECK_FALSE(receiver.body_bytes("x"));
}

TEST_CASE("an empty body is whole whatever its coding") {
  ResponseReceiver receiver;
  Response response;
  receiver.begin(response);
  take_lines(receiver, {"HTTP/1.1 204 No Content", "Content-Encoding: gzip", ""});
  receiver.end();
  CHECK(response.complete());
}

TEST_CASE("a compressed body that ends early is refused at its end") {
  const std::string gzip = compressed("some text", Wrapper::gzip);
  ResponseReceiver receiver;
  Response response;
  receiver.begin(response);
  take_lines(receiver, {"HTTP/1.1 200 OK", "Content-Encoding: gzip", ""});
  CHECK(receiver.body_bytes(gzip.substr(0, gzip.size() - 1)));
  CHECK(response.complete());
  receiver.end();
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::bad_encoding);
}

TEST_CASE("an answer that ends within its headers is broken") {
  ResponseReceiver receiver;
  Response response;
  receiver.begin(response);
  receiver.header_line("HTTP/1.1 200 OK\r\n");
  receiver.header_line("Content-Len");
  receiver.end();
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::broken);
  receiver.begin(response);  // an informational answer alone
  take_lines(receiver, {"HTTP/1.1 103 Early Hints", ""});
  receiver.end();
  CHECK(response.error);
}

TEST_CASE("Content-Length reserves the buffer, but not without bound") {
  ResponseReceiver receiver;
  Response plain;
  receiver.begin(plain);
  take_lines(receiver, {"HTTP/1.1 200 OK", "Content-Length: 1000000", ""});
  CHECK(receiver.body_bytes("x"));
  CHECK(plain.body.capacity() == 1'000'000);

  Response gzip;
  receiver.begin(gzip);
  take_lines(receiver, {"HTTP/1.1 200 OK", "Content-Encoding: gzip", "Content-Length: 1000000", ""});
  CHECK(receiver.body_bytes("\x1f"));
  CHECK(gzip.body.capacity() == 4'000'000);

  for (const std::string_view length : {"18446744073709551615", "99999999999999999999999", "-1", "many"}) {
    Response huge;
    receiver.begin(huge);
    take_lines(receiver, {"HTTP/1.1 200 OK", "Content-Length: " + std::string(length), ""});
    CHECK(receiver.body_bytes("x"));
    CHECK(huge.body.capacity() <= 64 * 1024 * 1024);
  }
}

}  // namespace
}  // namespace engagement::http
