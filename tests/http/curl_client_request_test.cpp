// What the client sends: the request's bytes, where it goes, over which connection.
#include <atomic>
#include <string>
#include <string_view>
#include <thread>

#include "core/error.hpp"
#include "http/curl_fixture.hpp"
#include "support/catch.hpp"
#include "support/scoped_environment.hpp"

namespace engagement::http {
namespace {

using test::count_requests;
using test::CurlFixture;
using test::http_ok;
using test::http_redirect;
using test::ScopedEnvironment;
using test::TestServer;

bool has_line(const std::string& request, const std::string& line) {
  return request.find("\r\n" + line + "\r\n") != std::string::npos;
}

TEST_CASE("a GET sends its headers and asks for compression") {
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  Request request = f.get_request("/ok");
  request.headers = {{"X-CleverTap-Account-Id", "ACC"}, {"X-Empty", ""}};
  const Response response = f.send(request);
  CHECK(response.complete());
  CHECK(response.status == 200);
  CHECK(response.body.view() == "hello");
  CHECK(response.wire_bytes == 5);

  REQUIRE(f.server.requests().size() == 1);
  const std::string sent = f.server.requests()[0];
  CHECK(sent.rfind("GET /ok HTTP/1.1\r\n", 0) == 0);
  CHECK(has_line(sent, "X-CleverTap-Account-Id: ACC"));
  CHECK(has_line(sent, "X-Empty:"));
  CHECK(has_line(sent, "Accept-Encoding: gzip, deflate"));
  CHECK(has_line(sent, "User-Agent: airbyte-engagement-source"));
  CHECK(has_line(sent, "Host: 127.0.0.1:" + std::to_string(f.server.port())));
}

TEST_CASE("compression is not asked for when the options say so, and the agent is theirs") {
  CurlFixture f;
  f.server.on("/ok", http_ok(""));
  CurlOptions options;
  options.accept_gzip = false;
  options.user_agent = "another/1.0";
  CurlClient client(f.clock, options);
  Response response;
  client.send(f.get_request("/ok"), response, f.source.get_token());
  CHECK(response.complete());
  CHECK(f.server.requests().at(0).find("Accept-Encoding") == std::string::npos);
  CHECK(has_line(f.server.requests().at(0), "User-Agent: another/1.0"));
}

TEST_CASE("the URL arrives byte for byte") {
  CurlFixture f;
  for (const std::string target :
       {"/ok?cursor=a%2Fb%3D%3D", "/ok?cursor=a%2fb%3d+c%20%zz&x=[1]|\"{}", "/ok/../a/./b//c?d=../e", "/%6Fk%2e?%41",
        "/ok?", "/?http://x/y?z", "/caf\xc3\xa9?\xc3\xa9"}) {
    CAPTURE(target);
    CHECK(f.get(target).complete());
    CHECK(f.server.requests().back().rfind("GET " + target + " HTTP/1.1\r\n", 0) == 0);
  }
  Request request = f.get_request("");
  request.url += "?no=path#fragment";
  CHECK(f.send(request).complete());
  CHECK(f.server.requests().back().rfind("GET /?no=path HTTP/1.1\r\n", 0) == 0);
}

TEST_CASE("a POST sends its exact body with its length, no Expect and no type of its own") {
  CurlFixture f;
  f.server.on("/post", http_ok("done"));
  const std::string big(3'000'000, 'x');
  for (const std::string& body : {std::string("{\"a\":\"\\u0000\"}"), std::string("with\0null", 9), big}) {
    CHECK(f.send(f.post_request("/post?a=b", body)).body.view() == "done");
    const std::string sent = f.server.requests().back();
    CHECK(sent.rfind("POST /post?a=b HTTP/1.1\r\n", 0) == 0);
    CHECK(has_line(sent, "Content-Length: " + std::to_string(body.size())));
    CHECK(sent.find("Expect") == std::string::npos);
    CHECK(sent.find("Content-Type") == std::string::npos);
    CHECK((sent.substr(sent.find("\r\n\r\n") + 4) == body));
  }
}

TEST_CASE("an empty POST still sends its length, and the GET after it sends none") {
  CurlFixture f;
  f.server.on("/post", http_ok("done"));
  Request request = f.post_request("/post", "");
  request.headers = {{"Content-Type", "application/json"}};
  CHECK(f.send(request).complete());
  CHECK(has_line(f.server.requests().back(), "Content-Length: 0"));
  CHECK(has_line(f.server.requests().back(), "Content-Type: application/json"));
  CHECK(f.get("/post").complete());
  CHECK(f.server.requests().back().rfind("GET ", 0) == 0);
  CHECK(f.server.requests().back().find("Content-Length") == std::string::npos);
  CHECK(f.server.requests().back().find("Content-Type") == std::string::npos);
}

TEST_CASE("http goes to a loopback address only, and nothing is sent to any other") {
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  const std::string port = std::to_string(f.server.port());
  for (const std::string host : {"127.0.0.1:", "localhost:", "api.localhost:", "LOCALHOST:", "127.1:"}) {
    CAPTURE(host);
    Request request;
    request.url = "http://" + host + port + "/ok";
    CHECK(f.send(request).body.view() == "hello");
  }
  const int connections = f.server.connections();
  for (const std::string url : {"http://127.0.0.1@evil.invalid/",
                                "http://127.0.0.1.evil.invalid/",
                                "http://evil.invalid/",
                                "http://127.0.0.1:80@evil.invalid/",
                                "http://localhost.evil.invalid/",
                                "http://evil.invalid#@localhost/",
                                "http://evil.invalid\\@127.0.0.1/",
                                "http://10.0.0.1/",
                                "http://0.0.0.0/",
                                "http://[::ffff:10.0.0.1]/",
                                "http:///ok",
                                "http://",
                                "https://",
                                "",
                                "ftp://127.0.0.1/",
                                "file:///etc/hostname",
                                "127.0.0.1/ok",
                                "https://user:secret@evil.invalid/",
                                "http://user@127.0.0.1:1/ok?secret",
                                "http://127.0.0.1:99999/?secret"}) {
    CAPTURE(url);
    Request request;
    request.url = url;
    const Response response = f.send(request);
    REQUIRE(response.error);
    CHECK(response.error->fault == TransportFault::bad_url);
    CHECK(response.error->detail.find("secret") == std::string::npos);
    CHECK(response.status == 0);
  }
  CHECK(f.server.connections() == connections);
}

TEST_CASE("a header that would break out of its line is refused before anything is sent") {
  CurlFixture f;
  Request request = f.get_request("/ok");
  request.headers = {{"X-CleverTap-Passcode", "secret\r\nX-Other: 1"}};
  const Response response = f.send(request);
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::bad_url);
  CHECK(response.error->detail.find("X-CleverTap-Passcode") != std::string::npos);
  CHECK(response.error->detail.find("secret") == std::string::npos);
  CHECK(f.server.connections() == 0);
}

TEST_CASE("no proxy is used for a loopback address") {
  TestServer proxy;
  const ScopedEnvironment http("http_proxy", proxy.url(""));
  const ScopedEnvironment all("all_proxy", proxy.url(""));
  const ScopedEnvironment none("no_proxy", std::nullopt);
  const ScopedEnvironment none_either("NO_PROXY", std::nullopt);
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  CHECK(f.get("/ok").body.view() == "hello");
  CHECK(proxy.connections() == 0);
}

TEST_CASE("the environment's proxy is used for another host, unless NO_PROXY names it") {
  TestServer proxy;
  proxy.on("api.vendor.invalid:443", "HTTP/1.1 403 Forbidden\r\nX-Proxy: yes\r\nContent-Length: 0\r\n\r\n");
  const ScopedEnvironment lower("https_proxy", std::nullopt);
  const ScopedEnvironment https("HTTPS_PROXY", proxy.url(""));
  const ScopedEnvironment none("no_proxy", std::nullopt);
  const ScopedEnvironment none_either("NO_PROXY", std::nullopt);
  CurlFixture f;
  Request request;
  request.url = "https://api.vendor.invalid/1/secret?cursor=secret";
  request.headers = {{"X-CleverTap-Passcode", "secret"}};
  const Response response = f.send(request);
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::broken);
  CHECK(response.status == 0);  // the proxy's answer is not the server's
  CHECK(response.headers.empty());
  CHECK(count_requests(proxy, "CONNECT api.vendor.invalid:443 ") == 1);
  CHECK(proxy.requests().at(0).find("secret") == std::string::npos);

  const ScopedEnvironment excepted("NO_PROXY", "vendor.invalid");
  CHECK(f.send(request).error->fault == TransportFault::cannot_resolve);
  CHECK(proxy.requests().size() == 1);
}

TEST_CASE("one connection serves request after request") {
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  Response response;
  for (int i = 0; i < 5; ++i) {
    f.client.send(f.get_request("/ok"), response, f.source.get_token());
    CHECK(response.body.view() == "hello");
  }
  CHECK(f.send(f.post_request("/ok", "body")).complete());
  CHECK(f.server.connections() == 1);
}

TEST_CASE("two threads are served at once, each over a connection of its own that is kept") {
  CurlFixture f;
  std::atomic<int> arrived = 0;
  f.server.on("/together", [&](test::Connection& connection) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();  // neither is answered before both have asked
    connection.send(http_ok("hello"));
  });
  f.server.on("/ok", http_ok("again"));
  const auto work = [&] {
    Response response;
    f.client.send(f.get_request("/together"), response, f.source.get_token());
    return std::string(response.body.view());
  };
  std::string other;
  std::thread thread([&] { other = work(); });
  const std::string mine = work();
  thread.join();
  CHECK(mine == "hello");
  CHECK(other == "hello");
  CHECK(f.get("/ok").body.view() == "again");
  CHECK(f.server.connections() == 2);
}

TEST_CASE("a repeatable request survives the death of a kept connection, another one arrives exactly once") {
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  f.server.on("/dies", [](test::Connection& connection) { connection.close(); });

  CHECK(f.get("/ok").complete());
  CHECK(f.send(f.post_request("/dies", "grant")).error->fault == TransportFault::broken);
  CHECK(count_requests(f.server, "POST /dies") == 2);  // on the kept connection, then on a new one

  CHECK(f.get("/ok").complete());
  Request once = f.post_request("/dies?once", "grant");
  once.repeatable = false;
  CHECK(f.send(once).error->fault == TransportFault::broken);
  CHECK(count_requests(f.server, "POST /dies?once") == 1);
}

TEST_CASE("a request that must not be repeated has a connection for itself") {
  CurlFixture f;
  f.server.on("/ok", http_ok("hello"));
  Request once = f.get_request("/ok");
  once.repeatable = false;
  CHECK(f.send(once).complete());
  CHECK(f.send(once).complete());
  CHECK(f.server.connections() == 2);
  CHECK(f.get("/ok").complete());
  CHECK(f.get("/ok").complete());
  CHECK(f.server.connections() == 3);
}

TEST_CASE("a redirect within the host is followed, and only the last answer remains") {
  CurlFixture f;
  f.server.on("/old", http_redirect(302, "/new?c=%2Fd"));
  f.server.on("/new", http_redirect(307, f.server.url("/last?x=%3D")));
  f.server.on("/last", http_ok("here", "X-Last: 1\r\n"));
  Request request = f.get_request("/old");
  request.headers = {{"X-Key", "secret"}};
  const Response response = f.send(request);
  CHECK(response.complete());
  CHECK(response.status == 200);
  CHECK(response.body.view() == "here");
  CHECK(response.headers.size() == 2);
  CHECK(response.wire_bytes == 4);
  REQUIRE(f.server.requests().size() == 3);
  CHECK(f.server.requests()[1].rfind("GET /new?c=%2Fd HTTP/1.1\r\n", 0) == 0);
  CHECK(f.server.requests()[2].rfind("GET /last?x=%3D HTTP/1.1\r\n", 0) == 0);
  CHECK(has_line(f.server.requests()[2], "X-Key: secret"));
}

TEST_CASE("a redirect to another host, port or scheme is refused and nothing is sent there") {
  CurlFixture f;
  TestServer other;
  const std::string port = std::to_string(f.server.port());
  for (const std::string& location :
       {other.url("/"), "//127.0.0.1:" + std::to_string(other.port()) + "/", "http://localhost:" + port + "/ok",
        "https://127.0.0.1:" + port + "/ok", std::string("http://127.0.0.1/"), std::string("ftp://127.0.0.1/"),
        "http://me@127.0.0.1:" + port + "/ok", std::string("http://evil.invalid/?secret"), std::string("http://")}) {
    CAPTURE(location);
    f.server.on("/away", http_redirect(302, location));
    const Response response = f.get("/away");
    REQUIRE(response.error);
    CHECK(response.error->fault == TransportFault::refused_redirect);
    CHECK(response.error->detail.find("secret") == std::string::npos);
    CHECK(response.status == 302);
    CHECK(response.header("Location") == std::string_view(location));
  }
  CHECK(other.connections() == 0);
  CHECK(count_requests(f.server, "GET /ok") == 0);
}

TEST_CASE("a POST follows 307 and 308 with its body, and no other redirect") {
  CurlFixture f;
  f.server.on("/last", http_ok("here"));
  for (const int status : {307, 308}) {
    f.server.on("/old", http_redirect(status, "/last"));
    CHECK(f.send(f.post_request("/old", "the body")).body.view() == "here");
    CHECK(f.server.requests().back().rfind("POST /last ", 0) == 0);
    CHECK(f.server.requests().back().find("\r\n\r\nthe body") != std::string::npos);
  }
  for (const int status : {301, 302, 303}) {
    f.server.on("/old", http_redirect(status, "/last"));
    const Response response = f.send(f.post_request("/old", "the body"));
    REQUIRE(response.error);
    CHECK(response.error->fault == TransportFault::refused_redirect);
    CHECK(response.status == status);
  }
  CHECK(count_requests(f.server, "POST /last") == 2);
  CHECK(count_requests(f.server, "GET /last") == 0);
}

TEST_CASE("a request that is not repeatable follows no redirect") {
  CurlFixture f;
  for (const int status : {301, 302, 303, 307, 308}) {
    f.server.on("/old", http_redirect(status, "/ok"));
    Request once = f.post_request("/old", "grant");
    once.repeatable = false;
    const Response response = f.send(once);
    REQUIRE(response.error);
    CHECK(response.error->fault == TransportFault::refused_redirect);
  }
  CHECK(count_requests(f.server, "POST /ok") == 0);
  CHECK(count_requests(f.server, "GET /ok") == 0);
}

TEST_CASE("five redirects are followed, a sixth is refused") {
  CurlFixture f;
  for (int i = 1; i <= 5; ++i) f.server.on("/" + std::to_string(i), http_redirect(301, "/" + std::to_string(i - 1)));
  f.server.on("/0", http_ok("here"));
  CHECK(f.get("/5").body.view() == "here");
  f.server.on("/circle", http_redirect(301, "/circle"));
  const Response response = f.get("/circle");
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::refused_redirect);
  CHECK(count_requests(f.server, "GET /circle") == 6);
}

TEST_CASE("a redirect status without an address is an answer like any other") {
  CurlFixture f;
  f.server.on("/lost", "HTTP/1.1 302 Found\r\nContent-Length: 4\r\n\r\nlost");
  f.server.on("/same", "HTTP/1.1 304 Not Modified\r\nLocation: /ok\r\n\r\n");
  CHECK(f.get("/lost").complete());
  CHECK(f.get("/lost").body.view() == "lost");
  CHECK(f.get("/same").complete());
  CHECK(f.get("/same").status == 304);
}

TEST_CASE("the version text names libcurl and its TLS library") {
  CHECK(curl_version_text().rfind("libcurl/", 0) == 0);
  CHECK(curl_version_text().find(' ') != std::string::npos);
}

}  // namespace
}  // namespace engagement::http
