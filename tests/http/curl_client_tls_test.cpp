// TLS: who is trusted. Left out where OpenSSL's headers are missing (tests/CMakeLists.txt).
#ifdef ENGAGEMENT_TEST_TLS

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "http/curl_fixture.hpp"
#include "support/catch.hpp"
#include "support/scoped_environment.hpp"

namespace engagement::http {
namespace {

using test::Connection;
using test::FakeClock;
using test::http_ok;
using test::ScopedEnvironment;
using test::TestServer;

template <auto Free>
struct FreeBy {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, FreeBy<SSL_free>>;

// A certificate of its own making, good for `names` ("DNS:localhost,IP:127.0.0.1") until tomorrow.
struct Identity {
  explicit Identity(const std::string& names) : key(EVP_EC_gen("P-256")), certificate(X509_new()) {
    X509* x509 = certificate.get();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(x509), 86'400);
    X509_set_pubkey(x509, key.get());
    X509_NAME* subject = X509_get_subject_name(x509);
    const auto* name = reinterpret_cast<const unsigned char*>("a test of TLS");
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0);
    X509_set_issuer_name(x509, subject);
    X509_EXTENSION* alternatives = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    X509_add_ext(x509, alternatives, -1);
    X509_EXTENSION_free(alternatives);
    if (X509_sign(x509, key.get(), EVP_sha256()) == 0) throw std::runtime_error("cannot sign a certificate");
  }

  void write_to(const std::filesystem::path& path) const {
    const std::unique_ptr<std::FILE, FreeBy<std::fclose>> file(std::fopen(path.c_str(), "w"));
    if (!file || PEM_write_X509(file.get(), certificate.get()) != 1)
      throw std::runtime_error("cannot write " + path.string());
  }

  Key key;
  Certificate certificate;
};

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "engagement-tls-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Answers every request with the same bytes, over TLS, one connection after the other.
class TlsServer {
 public:
  TlsServer(const Identity& identity, std::string answer)
      : context_(SSL_CTX_new(TLS_server_method())), answer_(std::move(answer)) {
    SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
    SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
    server_.on_connection([this](Connection& connection) { serve(connection); });
  }

  std::string url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(server_.port()) + "/?cursor=secret";
  }
  int requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  int connections() const { return server_.connections(); }

 private:
  void serve(Connection& connection) {
    const Session session(SSL_new(context_.get()));
    SSL_set_fd(session.get(), connection.socket());
    if (SSL_accept(session.get()) != 1) return;
    char bytes[4096];
    if (SSL_read(session.get(), bytes, sizeof bytes) <= 0) return;
    {
      const std::lock_guard lock(mutex_);
      ++requests_;
    }
    SSL_write(session.get(), answer_.data(), static_cast<int>(answer_.size()));
    SSL_shutdown(session.get());
  }

  const Context context_;
  const std::string answer_;
  mutable std::mutex mutex_;
  int requests_ = 0;
  TestServer server_;  // last: its threads use the others
};

// OpenSSL writes to a socket without MSG_NOSIGNAL; the executable ignores the signal, too.
struct TlsFixture {
  TlsFixture() { std::signal(SIGPIPE, SIG_IGN); }
  ~TlsFixture() { std::signal(SIGPIPE, SIG_DFL); }

  // A new client each time: it reads the environment when it first connects.
  Response get(const std::string& url) {
    CurlClient client(clock, {});
    Request request;
    request.url = url;
    Response response;
    client.send(request, response, {});
    return response;
  }

  const ScopedEnvironment no_file{"SSL_CERT_FILE", std::nullopt};
  const ScopedEnvironment no_folder{"SSL_CERT_DIR", std::nullopt};
  FakeClock clock;
  TemporaryFolder folder;
  const std::string file = folder.path() / "ca.pem";
};

TEST_CASE("a server with a certificate that no one vouches for is refused before it sees the request") {
  TlsFixture f;
  const Identity identity("DNS:localhost,IP:127.0.0.1");
  const TlsServer server(identity, http_ok("hello"));
  const Response response = f.get(server.url("127.0.0.1"));
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::tls);
  CHECK(response.error->detail.find("secret") == std::string::npos);
  CHECK(server.connections() == 1);
  CHECK(server.requests() == 0);
}

TEST_CASE("SSL_CERT_FILE makes a server trusted, under the names of its certificate only") {
  TlsFixture f;
  const Identity identity("DNS:localhost,IP:127.0.0.1");
  identity.write_to(f.file);
  const ScopedEnvironment trusted("SSL_CERT_FILE", f.file);
  const TlsServer server(identity, http_ok("hello"));
  CHECK(f.get(server.url("127.0.0.1")).body.view() == "hello");
  CHECK(f.get(server.url("localhost")).body.view() == "hello");

  const Response other_name = f.get(server.url("api.localhost"));
  REQUIRE(other_name.error);
  CHECK(other_name.error->fault == TransportFault::tls);
  CHECK(server.requests() == 2);
}

TEST_CASE("SSL_CERT_DIR makes a server trusted") {
  TlsFixture f;
  const Identity identity("IP:127.0.0.1");
  char name[32];
  std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(identity.certificate.get()));
  identity.write_to(f.folder.path() / name);
  const ScopedEnvironment trusted("SSL_CERT_DIR", f.folder.path().string());
  const TlsServer server(identity, http_ok("hello"));
  CHECK(f.get(server.url("127.0.0.1")).body.view() == "hello");
}

TEST_CASE("a CA file that cannot be read is a fault of TLS, not of the network") {
  TlsFixture f;
  const ScopedEnvironment missing("SSL_CERT_FILE", f.file);
  const Identity identity("IP:127.0.0.1");
  const TlsServer server(identity, http_ok("hello"));
  const Response response = f.get(server.url("127.0.0.1"));
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::tls);
}

TEST_CASE("a peer that hangs up in the middle of the handshake counts as no connection") {
  TlsFixture f;
  TestServer server;
  for (const bool reset : {false, true}) {
    server.on_connection([=](Connection& connection) {
      char byte = 0;
      recv(connection.socket(), &byte, 1, MSG_PEEK);
      if (reset) connection.reset();
    });
    const Response response = f.get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
    REQUIRE(response.error);
    CAPTURE(response.error->detail);
    CHECK(response.error->fault == TransportFault::cannot_connect);
  }
}

TEST_CASE("a peer that does not speak TLS at all is a fault of TLS") {
  TlsFixture f;
  TestServer server;
  server.on_connection([](Connection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    connection.stall();
  });
  const Response response = f.get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  REQUIRE(response.error);
  CHECK(response.error->fault == TransportFault::tls);
}

}  // namespace
}  // namespace engagement::http

#endif  // ENGAGEMENT_TEST_TLS
