#pragma once

#include <memory>
#include <string>

#include "core/clock.hpp"
#include "http/client.hpp"

namespace engagement::http {

struct CurlOptions {
  std::string user_agent = "airbyte-engagement-source";
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(30);
  std::chrono::milliseconds first_byte_timeout = std::chrono::seconds(300);
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
  bool accept_gzip = true;
};

// libcurl with connections that are kept and reused (a pool of easy handles, last used first). TLS is always verified;
// https only, but http to a loopback address; HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR are honoured, and a
// proxy is never used for a loopback address. Redirects are followed only to the same scheme, host and port, at most
// five times, and a POST only by 307 or 308; never those of a request that is not repeatable. Bodies are inflated as
// they arrive (Inflater), not by libcurl. libcurl is initialised by the first request, not by the constructor. Thread
// safe. REQUIRES: the process ignores SIGPIPE (the TLS library writes to sockets that the peer may have closed).
class CurlClient final : public Client {
 public:
  CurlClient(const Clock& clock, CurlOptions options);
  ~CurlClient() override;

  void send(const Request& request, Response& response, const std::stop_token& stop) override;

 private:
  struct Pool;
  const Clock& clock_;
  CurlOptions options_;
  std::unique_ptr<Pool> pool_;
};

// "libcurl/7.88.1 OpenSSL/3.0.15 …", for --version.
std::string curl_version_text();

}  // namespace engagement::http
