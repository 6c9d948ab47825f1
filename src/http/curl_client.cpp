#include "http/curl_client.hpp"

#include <curl/curl.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "http/request_rules.hpp"
#include "http/response_receiver.hpp"
#include "http/transfer_watch.hpp"

namespace engagement::http {

// Not anonymous: CurlClient::Pool holds Handles, and a unity build would warn.
namespace curl {

constexpr int kMostRedirects = 5;
constexpr long kReceiveBufferBytes = 512 * 1024;  // the most that libcurl 7.88 takes

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using UrlHandle = std::unique_ptr<CURLU, FreeUrl>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

TransportError bad_request(std::string detail) { return {TransportFault::bad_url, std::move(detail)}; }

// Where a request goes.
struct Target {
  UrlHandle url;
  std::string scheme, host, port;
  // Path and query from the text itself: libcurl's URL parser and builder may normalize what a server percent-encoded.
  std::string request_target;
  bool plain_http = false;
  bool loopback = false;

  bool same_origin(const Target& other) const {
    return scheme == other.scheme && strcasecmp(host.c_str(), other.host.c_str()) == 0 && port == other.port;
  }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string result = text;
  curl_free(text);
  return result;
}

// Where `url` leads, or why it must not be sent anywhere. Never quotes the URL: its query may hold secrets.
std::optional<TransportError> parse_target(const std::string& url, Target& target) {
  if (auto refusal = refuse_url_text(url)) return refusal;
  target.url.reset(curl_url());
  if (!target.url) throw std::bad_alloc();
  const CURLUcode code =
      curl_url_set(target.url.get(), CURLUPART_URL, url.c_str(), CURLU_PATH_AS_IS | CURLU_DISALLOW_USER);
  if (code == CURLUE_USER_NOT_ALLOWED) return bad_request("the URL contains a user name");
  if (code != CURLUE_OK) return bad_request(std::string("the URL is malformed: ") + curl_url_strerror(code));
  target.scheme = part_of(target.url.get(), CURLUPART_SCHEME);
  target.host = part_of(target.url.get(), CURLUPART_HOST);
  target.port = part_of(target.url.get(), CURLUPART_PORT);
  target.request_target = http::request_target(url);
  target.plain_http = target.scheme != "https";
  target.loopback = is_loopback_host(target.host);
  if (target.host.empty()) return bad_request("the URL has no host");
  if (target.plain_http && !target.loopback) {
    return bad_request("the URL is not https, and its host is not this machine");
  }
  return std::nullopt;
}

// One request and its answer, as libcurl's callbacks see it.
struct Transfer {
  ResponseReceiver& receiver;
  TransferWatch watch;
  bool plain_http = false;
  bool refused_address = false;
  TransferWatch::Verdict verdict = TransferWatch::Verdict::go_on;
  std::exception_ptr thrown = nullptr;  // must not unwind through libcurl's C

  // What `work` returns, or `on_throw` with the exception kept for later.
  template <typename Result, typename Work>
  Result guarded(Result on_throw, Work work) {
    try {
      return work();
    } catch (...) {
      thrown = std::current_exception();
      return on_throw;
    }
  }
};

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  return transfer.guarded<std::size_t>(CURL_WRITEFUNC_ERROR, [&] {
    transfer.watch.bytes_received();
    transfer.receiver.header_line({data, size});
    return size;
  });
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  return transfer.guarded<std::size_t>(CURL_WRITEFUNC_ERROR, [&]() -> std::size_t {
    transfer.watch.bytes_received();
    return transfer.receiver.body_bytes({data, size}) ? size : CURL_WRITEFUNC_ERROR;
  });
}

// Called about once a second where nothing moves, far more often where something does.
int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t uploaded) {
  auto& transfer = *static_cast<Transfer*>(user);
  return transfer.guarded(1, [&] {
    transfer.verdict = transfer.watch.check(uploaded);
    return transfer.verdict == TransferWatch::Verdict::go_on ? 0 : 1;
  });
}

int on_connected(void* user, char*, char*, int, int) {
  static_cast<Transfer*>(user)->watch.request_begins();
  return CURL_PREREQFUNC_OK;
}

// The last word on "http to a loopback address only": whatever a name resolves to, nothing else is connected to.
curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.plain_http && !is_loopback_address(&address->addr)) {
    transfer.refused_address = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void initialise_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
      throw system_error("The HTTP library cannot be initialised.");
  });
}

template <typename Value>
void set_option(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) {
    throw system_error("The HTTP library refuses a setting.",
                       "curl_easy_setopt " + std::to_string(option) + ": " + curl_easy_strerror(code));
  }
}

// One connection (kept alive between transfers), one inflater. Used by one thread at a time.
struct Handle {
  explicit Handle(const CurlOptions& options);
  ~Handle() { curl_easy_cleanup(easy); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void set_fixed(const CurlOptions& options);
  void set_request(const Request& request, const Target& target);
  void set_transfer(Transfer& transfer);
  void perform(const Request& request, const Target& target, curl_slist* headers, Transfer& transfer,
               Response& response);

  CURL* easy;
  ResponseReceiver receiver;
  std::array<char, CURL_ERROR_SIZE> error_text{};
};

Handle::Handle(const CurlOptions& options) : easy((initialise_libcurl(), curl_easy_init())) {
  if (easy == nullptr) throw std::bad_alloc();
  try {
    set_fixed(options);
  } catch (...) {
    curl_easy_cleanup(easy);
    throw;
  }
}

void Handle::set_fixed(const CurlOptions& options) {
  set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set_option(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set_option(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  for (const auto& [variable, option] :
       {std::pair("SSL_CERT_FILE", CURLOPT_CAINFO), {"SSL_CERT_DIR", CURLOPT_CAPATH}}) {
    const char* path = std::getenv(variable);
    if (path != nullptr && *path != '\0') set_option(easy, option, path);
  }
  // One large download a connection at a time: HTTP/2 would add frames, flow-control windows and copies, has nothing to
  // multiplex, and lets libcurl repeat a request on its own (REFUSED_STREAM).
  set_option(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set_option(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  set_option(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set_option(easy, CURLOPT_PATH_AS_IS, 1L);
  set_option(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
  set_option(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // a proxy's answer is not the server's
  set_option(easy, CURLOPT_BUFFERSIZE, kReceiveBufferBytes);
  set_option(easy, CURLOPT_TCP_KEEPALIVE, 1L);  // 300 s for a first byte outlast many a NAT's patience
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  // A resolver thread that hangs in DNS is left behind, not waited for: a stop or a deadline must not take its 30 s.
  set_option(easy, CURLOPT_QUICK_EXIT, 1L);
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(options.connect_timeout.count())));
  set_option(easy, CURLOPT_NOPROGRESS, 0L);
  set_option(easy, CURLOPT_HEADERFUNCTION, on_header);
  set_option(easy, CURLOPT_WRITEFUNCTION, on_body);
  set_option(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  set_option(easy, CURLOPT_PREREQFUNCTION, on_connected);
  set_option(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
}

void Handle::set_request(const Request& request, const Target& target) {
  set_option(easy, CURLOPT_CURLU, target.url.get());
  set_option(easy, CURLOPT_REQUEST_TARGET, target.request_target.c_str());
  set_option(easy, CURLOPT_PROXY, target.loopback ? "" : nullptr);  // nullptr: what the environment says
  if (request.method == Method::post) {
    set_option(easy, CURLOPT_POST, 1L);
    set_option(easy, CURLOPT_POSTFIELDS, request.body.data());  // read in place, not copied
    set_option(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  } else {
    set_option(easy, CURLOPT_HTTPGET, 1L);
  }
  // A reused connection that turns out to be dead makes libcurl send again; on a fresh one it never does.
  set_option(easy, CURLOPT_FRESH_CONNECT, request.repeatable ? 0L : 1L);
  set_option(easy, CURLOPT_FORBID_REUSE, request.repeatable ? 0L : 1L);
}

void Handle::set_transfer(Transfer& transfer) {
  error_text.fill('\0');
  set_option(easy, CURLOPT_ERRORBUFFER, error_text.data());
  for (const CURLoption user :
       {CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_XFERINFODATA, CURLOPT_PREREQDATA, CURLOPT_OPENSOCKETDATA}) {
    set_option(easy, user, &transfer);
  }
}

TransportFault fault_of(CURLcode code, CURL* easy, std::string_view words) {
  const auto mentions = [&](std::string_view text) { return words.find(text) != std::string_view::npos; };
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return TransportFault::cannot_resolve;
    case CURLE_COULDNT_CONNECT:
      return TransportFault::cannot_connect;
    case CURLE_OPERATION_TIMEDOUT: {  // CONNECTTIMEOUT_MS, the only one of libcurl's own timeouts that is set
      curl_off_t resolved_after = 0;
      curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved_after);
      return resolved_after == 0 ? TransportFault::cannot_resolve : TransportFault::cannot_connect;
    }
    case CURLE_SSL_CONNECT_ERROR:
      // A peer that hangs up in the middle of the handshake says nothing about certificates, and may do better later.
      if (mentions("SSL_ERROR_SYSCALL") || mentions("reset by peer") || mentions("unexpected eof")) {
        return TransportFault::cannot_connect;
      }
      return TransportFault::tls;
    case CURLE_URL_MALFORMAT:
      return TransportFault::bad_url;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:
      return TransportFault::tls;
    default:
      return TransportFault::broken;
  }
}

void Handle::perform(const Request& request, const Target& target, curl_slist* headers, Transfer& transfer,
                     Response& response) {
  receiver.begin(response);
  set_request(request, target);
  set_transfer(transfer);
  set_option(easy, CURLOPT_HTTPHEADER, headers);
  const CURLcode code = curl_easy_perform(easy);
  if (transfer.thrown) std::rethrow_exception(transfer.thrown);
  if (code == CURLE_OK) {
    receiver.end();
  } else if (transfer.verdict == TransferWatch::Verdict::stopped) {
    throw Stopped();
  } else if (transfer.verdict != TransferWatch::Verdict::go_on) {
    response.error = timeout_error(transfer.verdict);
  } else if (transfer.refused_address) {
    response.error = bad_request("the URL is not https, and its host resolves to another machine");
  } else if (!response.error) {  // else the receiver has said what is wrong with the body
    const std::string words = error_text[0] != '\0' ? error_text.data() : curl_easy_strerror(code);
    response.error = TransportError{fault_of(code, easy, words), words};
  }
}

// Makes `target` the redirect's; or says why the redirect must not be followed.
std::optional<TransportError> follow(const Request& request, const Response& response, Target& target, int redirects) {
  const auto refused = [](const std::string& detail) {
    return TransportError{TransportFault::refused_redirect, detail};
  };
  if (!request.repeatable) return refused("a request that may be sent only once was redirected");
  if (redirects == kMostRedirects) return refused("more than " + std::to_string(kMostRedirects) + " redirects");
  if (request.method == Method::post && response.status != 307 && response.status != 308) {
    return refused("a POST was redirected by status " + std::to_string(response.status) +
                   ", which would turn it into a GET");
  }
  const std::string location(*response.header("Location"));
  const bool absolute = location.find("://") < location.find_first_of("/?#");
  UrlHandle resolved(curl_url_dup(target.url.get()));
  if (!resolved) throw std::bad_alloc();
  if (curl_url_set(resolved.get(), CURLUPART_URL, location.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) {
    return refused("the redirect's address is malformed");
  }
  Target next;
  if (parse_target(absolute ? location : part_of(resolved.get(), CURLUPART_URL), next)) {
    return refused("the redirect's address is not one that may be used");
  }
  if (!next.same_origin(target)) return refused("the redirect leads to another host, port or scheme");
  target = std::move(next);
  return std::nullopt;
}

HeaderList make_list(const std::vector<std::string>& lines) {
  HeaderList list;
  for (const std::string& line : lines) {
    curl_slist* grown = curl_slist_append(list.get(), line.c_str());
    if (grown == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(grown);
  }
  return list;
}

}  // namespace curl

struct CurlClient::Pool {
  std::mutex mutex;
  // The last used at the back: its connection is the likeliest to live.
  std::vector<std::unique_ptr<curl::Handle>> idle;

  std::unique_ptr<curl::Handle> take(const CurlOptions& options) {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto handle = std::move(idle.back());
        idle.pop_back();
        return handle;
      }
    }
    return std::make_unique<curl::Handle>(options);
  }

  void give_back(std::unique_ptr<curl::Handle> handle) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(handle));
  }
};

CurlClient::CurlClient(const Clock& clock, CurlOptions options)
    : clock_(clock), options_(std::move(options)), pool_(std::make_unique<Pool>()) {}
CurlClient::~CurlClient() = default;

void CurlClient::send(const Request& request, Response& response, const std::stop_token& stop) {
  if (stop.stop_requested()) throw Stopped();
  response.clear();
  curl::Target target;
  std::vector<std::string> lines;
  response.error = curl::parse_target(request.url, target);
  if (!response.error) response.error = header_lines(request, options_.accept_gzip, lines);
  if (!response.error) {
    // Where an exception leaves, the handle goes with it: its connection was cut anyway.
    std::unique_ptr<curl::Handle> handle = pool_->take(options_);
    const curl::HeaderList headers = curl::make_list(lines);
    const TransferWatch::Limits limits{options_.first_byte_timeout, options_.idle_timeout, request.deadline};
    for (int redirects = 0;; ++redirects) {
      curl::Transfer transfer{handle->receiver, TransferWatch(clock_, limits, stop), target.plain_http};
      handle->perform(request, target, headers.get(), transfer, response);
      if (response.error || !is_redirect(response)) break;
      response.error = curl::follow(request, response, target, redirects);
      if (response.error) break;
    }
    pool_->give_back(std::move(handle));
  }
  response.body.pad();
}

std::string curl_version_text() { return curl_version(); }

}  // namespace engagement::http
