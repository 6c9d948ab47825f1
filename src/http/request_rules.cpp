#include "http/request_rules.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace engagement::http {

namespace {

TransportError unusable(std::string detail) { return {TransportFault::bad_url, std::move(detail)}; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_no_part_of_a_url(char c) { return is_control(c) || c == ' '; }
bool breaks_a_header(char c) { return is_control(c) && c != '\t'; }

bool is_loopback_v4(const in_addr& address) { return ntohl(address.s_addr) >> 24 == 127; }

bool begins_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && strncasecmp(text.data(), prefix.data(), prefix.size()) == 0;
}

}  // namespace

bool is_loopback_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) return is_loopback_v4(reinterpret_cast<const sockaddr_in*>(address)->sin_addr);
  if (address->sa_family != AF_INET6) return false;
  const in6_addr& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_loopback_host(const std::string& host) {
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return is_loopback_v4(v4);
  if (host == "[::1]") return true;
  constexpr std::string_view kName = "localhost";
  if (host.size() < kName.size()) return false;
  const std::size_t before = host.size() - kName.size();
  return strcasecmp(host.c_str() + before, kName.data()) == 0 && (before == 0 || host[before - 1] == '.');
}

std::optional<TransportError> refuse_url_text(std::string_view url) {
  if (url.empty()) return unusable("there is no URL");
  if (!begins_with(url, "https://") && !begins_with(url, "http://")) return unusable("the URL is not https");
  if (std::any_of(url.begin(), url.end(), is_no_part_of_a_url)) {
    return unusable("the URL contains a blank or a control character");
  }
  return std::nullopt;
}

std::string request_target(std::string_view url) {
  const std::size_t authority = url.find("//") + 2;
  const std::size_t begin = std::min(url.find_first_of("/?#", authority), url.size());
  const std::size_t end = std::min(url.find('#', begin), url.size());
  std::string target(url.substr(begin, end - begin));
  if (target.empty() || target.front() == '?') target.insert(0, 1, '/');
  return target;
}

std::optional<TransportError> header_lines(const Request& request, bool accept_gzip, std::vector<std::string>& lines) {
  bool has_encoding = false;
  bool has_type = false;
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || std::any_of(name.begin(), name.end(), [](char c) { return is_control(c) || c == ':'; })) {
      return unusable("a request header has an impossible name");
    }
    if (std::any_of(value.begin(), value.end(), breaks_a_header)) {
      return unusable("the value of the request header " + name +
                      " contains a line break or another control character");
    }
    has_encoding = has_encoding || strcasecmp(name.c_str(), "Accept-Encoding") == 0;
    has_type = has_type || strcasecmp(name.c_str(), "Content-Type") == 0;
    lines.push_back(name);
    lines.back() += value.empty() ? ";" : ": ";
    lines.back() += value;
  }
  if (accept_gzip && !has_encoding) lines.emplace_back("Accept-Encoding: gzip, deflate");
  if (!has_type) lines.emplace_back("Content-Type:");
  lines.emplace_back("Expect:");
  return std::nullopt;
}

bool is_redirect(const Response& response) {
  constexpr std::array kStatuses = {301, 302, 303, 307, 308};
  return std::find(kStatuses.begin(), kStatuses.end(), response.status) != kStatuses.end() &&
         response.header("Location").has_value();
}

}  // namespace engagement::http
