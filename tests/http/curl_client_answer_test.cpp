// What the client makes of answers: bodies in every encoding, and everything that can cut them.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "core/error.hpp"
#include "http/compressed.hpp"
#include "http/curl_fixture.hpp"
#include "support/catch.hpp"
#include "support/scoped_environment.hpp"

namespace engagement::http {
namespace {

using namespace std::chrono_literals;
using test::compressed;
using test::Connection;
using test::CurlFixture;
using test::http_chunked;
using test::http_ok;
using test::sample_text;
using test::ScopedEnvironment;
using test::TestServer;
using test::Wrapper;

constexpr std::string_view kGzipHeader = "Content-Encoding: gzip\r\n";
constexpr std::string_view kDeflateHeader = "Content-Encoding: deflate\r\n";

TransportFault fault_of(const Response& response) {
  REQUIRE(response.error);
  CHECK_FALSE(response.error->detail.empty());
  return response.error->fault;
}

TEST_CASE("a body comes out the same in every encoding, by length and in chunks") {
  CurlFixture f;
  const std::string text = sample_text(300'000);
  const std::string gzip = compressed(text, Wrapper::gzip);
  f.server.on("/identity", http_ok(text));
  f.server.on("/identity-in-chunks", http_chunked(text, 9999));
  f.server.on("/gzip", http_ok(gzip, kGzipHeader));
  f.server.on("/gzip-in-chunks", http_chunked(gzip, 777, kGzipHeader));
  f.server.on("/gzip-of-two-members",
              http_ok(compressed(text.substr(0, 1000), Wrapper::gzip) + compressed(text.substr(1000), Wrapper::gzip),
                      kGzipHeader));
  f.server.on("/zlib", http_ok(compressed(text, Wrapper::zlib), kDeflateHeader));
  f.server.on("/raw-deflate", http_ok(compressed(text, Wrapper::raw), kDeflateHeader));
  f.server.on("/until-close", [&](Connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip);
    connection.close();
  });
  for (const char* path : {"/identity", "/identity-in-chunks", "/gzip", "/gzip-in-chunks", "/gzip-of-two-members",
                           "/zlib", "/raw-deflate", "/until-close"}) {
    CAPTURE(path);
    const Response response = f.get(path);
    CHECK(response.complete());
    CHECK((response.body.view() == text));
    const std::string_view padding(response.body.data() + response.body.size(), json::PaddedBuffer::kPadding);
    CHECK(std::all_of(padding.begin(), padding.end(), [](char c) { return c == ' '; }));
  }
  CHECK(f.get("/gzip").wire_bytes == gzip.size());
  CHECK(f.get("/gzip-in-chunks").wire_bytes == gzip.size());
}

TEST_CASE("a body of 16 MB arrives whole, plain and compressed, and its memory is used again") {
  CurlFixture f;
  const std::string text = sample_text(16 * 1024 * 1024);
  f.server.on("/identity", http_ok(text));
  f.server.on("/gzip", http_ok(compressed(text, Wrapper::gzip), kGzipHeader));
  Response response;
  for (const char* path : {"/identity", "/gzip", "/identity"}) {
    f.client.send(f.get_request(path), response, f.source.get_token());
    CHECK(response.complete());
    CHECK((response.body.view() == text));
  }
  const char* memory = response.body.data();
  f.client.send(f.get_request("/gzip"), response, f.source.get_token());
  CHECK(response.body.data() == memory);
}

TEST_CASE("an answer that comes byte by byte is whole") {
  CurlFixture f;
  const std::string text = sample_text(500);
  f.server.on("/drip", [&](Connection& connection) {
    connection.send_in_pieces(http_ok(compressed(text, Wrapper::gzip), kGzipHeader), 1);
  });
  CHECK(f.get("/drip").body.view() == text);
}

TEST_CASE("an empty body is whole, and padded") {
  CurlFixture f;
  f.server.on("/empty", http_ok("", kGzipHeader));
  f.server.on("/no-content", "HTTP/1.1 204 No Content\r\n\r\n");
  for (const char* path : {"/empty", "/no-content"}) {
    const Response response = f.get(path);
    CHECK(response.complete());
    CHECK(response.body.size() == 0);
    CHECK(response.body.data()[0] == ' ');
  }
}

TEST_CASE("an error status is an answer with its body and headers, found whatever their case") {
  CurlFixture f;
  f.server.on("/429", "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nslow");
  const Response response = f.get("/429");
  CHECK(response.complete());
  CHECK(response.status == 429);
  CHECK(response.header("RETRY-AFTER") == std::string_view("7"));
  CHECK(response.body.view() == "slow");
}

TEST_CASE("informational answers and trailers leave no headers behind") {
  CurlFixture f;
  f.server.on("/hints",
              "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: "
              "chunked\r\n\r\n2\r\nok\r\n0\r\nA-Trailer: 1\r\n\r\n");
  const Response response = f.get("/hints");
  CHECK(response.complete());
  CHECK(response.status == 200);
  CHECK(response.headers.size() == 2);
  CHECK(response.body.view() == "ok");
}

TEST_CASE("a compressed body that is corrupt, cut or of an unknown coding cannot be decoded") {
  CurlFixture f;
  const std::string gzip = compressed(sample_text(50'000), Wrapper::gzip);
  std::string wrong_checksum = gzip;
  wrong_checksum[gzip.size() - 8] ^= 1;
  f.server.on("/gzip-of-wrong-checksum", http_ok(wrong_checksum, kGzipHeader));
  f.server.on("/gzip-cut-before-its-trailer", http_ok(gzip.substr(0, gzip.size() - 8), kGzipHeader));
  f.server.on("/gzip-cut-in-chunks", http_chunked(gzip.substr(0, gzip.size() / 2), 500, kGzipHeader));
  f.server.on("/html-called-gzip", http_ok("<html>502 Bad Gateway</html>", kGzipHeader));
  f.server.on("/brotli", http_ok("whatever", "Content-Encoding: br\r\n"));
  f.server.on("/ok", http_ok("hello"));
  for (const char* path : {"/gzip-of-wrong-checksum", "/gzip-cut-before-its-trailer", "/gzip-cut-in-chunks",
                           "/html-called-gzip", "/brotli"}) {
    CAPTURE(path);
    const Response response = f.get(path);
    CHECK(fault_of(response) == TransportFault::bad_encoding);
    CHECK(response.status == 200);
  }
  CHECK(f.get("/ok").body.view() == "hello");
}

TEST_CASE("a body that is cut is broken, with the status and headers that came") {
  CurlFixture f;
  const std::string text = sample_text(50'000);
  const std::string gzip = compressed(text, Wrapper::gzip);
  const auto closing = [&](const std::string& path, const std::string& answer) {
    f.server.on(path, [answer](Connection& connection) {
      connection.send(answer);
      connection.close();
    });
  };
  closing("/shorter-than-announced", http_ok(text).substr(0, 30'000));
  closing("/gzip-shorter-than-announced", http_ok(gzip, kGzipHeader).substr(0, gzip.size()));
  closing("/cut-between-chunks", http_chunked(text, 1000, "", true));
  closing("/cut-within-a-chunk", http_chunked(text, 1000).substr(0, 30'000));
  closing("/no-body-at-all", http_ok(text).substr(0, http_ok(text).size() - text.size()));
  f.server.on("/reset", [&](Connection& connection) {
    connection.send(http_ok(text).substr(0, 1000));
    connection.reset();
  });
  for (const char* path : {"/shorter-than-announced", "/gzip-shorter-than-announced", "/cut-between-chunks",
                           "/cut-within-a-chunk", "/no-body-at-all"}) {
    CAPTURE(path);
    const Response response = f.get(path);
    CHECK(fault_of(response) == TransportFault::broken);
    CHECK(response.status == 200);
    CHECK_FALSE(response.headers.empty());
  }
  CHECK(fault_of(f.get("/reset")) == TransportFault::broken);  // what was sent before a reset may be lost
}

TEST_CASE("no answer, and one that is not HTTP, are broken") {
  CurlFixture f;
  f.server.on("/closes", [](Connection& connection) { connection.close(); });
  f.server.on("/resets", [](Connection& connection) { connection.reset(); });
  f.server.on("/says-hello", [](Connection& connection) {
    connection.send("hello, I am no web server\r\n");
    connection.close();
  });
  f.server.on("/header-only-half", [](Connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Le");
    connection.close();
  });
  for (const char* path : {"/closes", "/resets", "/says-hello"}) {
    CAPTURE(path);
    const Response response = f.get(path);
    CHECK(fault_of(response) == TransportFault::broken);
    CHECK(response.status == 0);
    CHECK(response.headers.empty());
  }
  CHECK(fault_of(f.get("/header-only-half")) == TransportFault::broken);
}

TEST_CASE("nothing that listens is no connection, and no error quotes the query or the headers") {
  std::string url;
  {
    const TestServer gone;
    url = gone.url("/secret-path?cursor=secret");
  }
  CurlFixture f;
  Request request;
  request.url = url;
  request.headers = {{"X-CleverTap-Passcode", "secret"}};
  const Response response = f.send(request);
  CHECK(fault_of(response) == TransportFault::cannot_connect);
  CHECK(response.error->detail.find("secret") == std::string::npos);
  CHECK(response.status == 0);
  CHECK(response.body.data()[0] == ' ');
}

TEST_CASE("a host that does not exist cannot be resolved") {
  const ScopedEnvironment https("https_proxy", std::nullopt);
  const ScopedEnvironment https_upper("HTTPS_PROXY", std::nullopt);
  const ScopedEnvironment all("all_proxy", std::nullopt);
  const ScopedEnvironment all_upper("ALL_PROXY", std::nullopt);
  CurlFixture f;
  Request request;
  request.url = "https://does-not-exist.invalid/1?cursor=secret";
  const Response response = f.send(request);
  CHECK(fault_of(response) == TransportFault::cannot_resolve);
  CHECK(response.error->detail.find("secret") == std::string::npos);
}

TEST_CASE("a server that does not begin to answer is given up when the time for the first byte is over") {
  CurlFixture f;
  f.server.on("/silent", [&](Connection& connection) { connection.stall([&] { f.clock.advance(301s); }); });
  const Response response = f.get("/silent");
  CHECK(fault_of(response) == TransportFault::timeout);
  CHECK(response.status == 0);
  CHECK(response.error->detail.find("begin") != std::string::npos);
}

TEST_CASE("a server that stops in the middle is given up when the time for a further byte is over") {
  CurlFixture f;
  f.server.on("/stops", [&](Connection& connection) {
    connection.send(http_ok(std::string(1000, 'x')).substr(0, 500));
    connection.stall([&] { f.clock.advance(61s); });
  });
  const Response response = f.get("/stops");
  CHECK(fault_of(response) == TransportFault::timeout);
}

TEST_CASE("a deadline cuts a transfer under way, and one that has passed lets nothing be sent") {
  CurlFixture f;
  f.server.on("/stops", [&](Connection& connection) {
    connection.send(http_ok("half a body").substr(0, 45));
    connection.stall([&] { f.clock.advance(1s); });
  });
  Request request = f.get_request("/stops");
  request.deadline = f.clock.steady_now() + 5s;
  CHECK(fault_of(f.send(request)) == TransportFault::deadline);

  const std::size_t sent = f.server.requests().size();
  CHECK(fault_of(f.send(request)) == TransportFault::deadline);
  CHECK(f.server.requests().size() == sent);
}

TEST_CASE("a deadline that has not come changes nothing") {
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  Request request = f.get_request("/ok");
  request.deadline = f.clock.steady_now() + 5s;
  CHECK(f.send(request).body.view() == "hello");
}

TEST_CASE("a stop requested by another thread ends a transfer that hangs, and the client serves on") {
  CurlFixture f;
  std::stop_source before_any_byte, in_the_body;
  f.server.on("/silent", [&](Connection& connection) { connection.stall([&] { before_any_byte.request_stop(); }); });
  f.server.on("/stops", [&](Connection& connection) {
    connection.send(http_ok("half a body").substr(0, 45));
    connection.stall([&] { in_the_body.request_stop(); });
  });
  f.server.on("/ok", http_ok("hello"));
  Response response;
  CHECK_THROWS_AS(f.client.send(f.get_request("/silent"), response, before_any_byte.get_token()), Stopped);
  CHECK_THROWS_AS(f.client.send(f.get_request("/stops"), response, in_the_body.get_token()), Stopped);
  CHECK(f.get("/ok").body.view() == "hello");
}

TEST_CASE("a stop requested before lets nothing be sent") {
  CurlFixture f;
  f.source.request_stop();
  CHECK_THROWS_AS(f.get("/ok"), Stopped);
  CHECK(f.server.connections() == 0);
}

TEST_CASE("a TLS handshake that never ends counts as no connection") {
  CurlFixture f;
  CurlOptions options;
  options.connect_timeout = 100ms;
  CurlClient client(f.clock, options);
  Request request;
  request.url = "https" + f.server.url("/").substr(4);
  Response response;
  client.send(request, response, f.source.get_token());  // the server waits for a request that it understands
  CHECK(fault_of(response) == TransportFault::cannot_connect);
}

}  // namespace
}  // namespace engagement::http
