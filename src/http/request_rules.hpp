#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

struct sockaddr;

// What may be sent and where: the rules on a request that need no HTTP library. Pure functions.
namespace engagement::http {

// 127.0.0.0/8 or ::1.
bool is_loopback_address(const sockaddr* address);

// The same of a URL's host, or `localhost` or a name below it. `host` as libcurl's URL parser gives it: brackets around
// IPv6, an IPv4 number of any notation as a dotted quad.
bool is_loopback_host(const std::string& host);

// Why no client should even parse `url`; nullopt where there is no reason. Never quotes it: its query may hold secrets.
std::optional<TransportError> refuse_url_text(std::string_view url);

// The path and query of an absolute URL, byte for byte as they were given, for the request line.
std::string request_target(std::string_view url);

// The header lines of `request` in libcurl's notation ("Name: value"; "Name;" sends an empty value, "Name:" sends none
// where libcurl would add its own). An error where a name or a value would break out of its line.
std::optional<TransportError> header_lines(const Request& request, bool accept_gzip, std::vector<std::string>& lines);

// True for a status and a header that ask to go elsewhere (300 and 304 do not).
bool is_redirect(const Response& response);

}  // namespace engagement::http
