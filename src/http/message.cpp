#include "http/message.hpp"

#include <algorithm>

namespace engagement::http {

namespace {

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

}  // namespace

std::string_view to_string(Method method) { return method == Method::post ? "POST" : "GET"; }

std::string_view to_string(TransportFault fault) {
  switch (fault) {
    case TransportFault::cannot_resolve:
      return "cannot resolve the host";
    case TransportFault::cannot_connect:
      return "cannot connect";
    case TransportFault::tls:
      return "no trusted TLS connection";
    case TransportFault::timeout:
      return "timed out";
    case TransportFault::deadline:
      return "cut by its deadline";
    case TransportFault::broken:
      return "connection broken";
    case TransportFault::bad_encoding:
      return "body cannot be decoded";
    case TransportFault::refused_redirect:
      return "redirect refused";
    case TransportFault::bad_url:
      break;
  }
  return "unusable request";
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";  // RFC 3986, section 2.3
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (kPlain.find(letter) != std::string_view::npos) {
      encoded.push_back(letter);
    } else {
      encoded += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return encoded;
}

std::optional<std::string_view> Response::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const Header& header) { return same_name(header.name, name); });
  if (found == headers.end()) return std::nullopt;
  return std::string_view(found->value);
}

void Response::clear() {
  status = 0;
  headers.clear();
  body.clear();
  error.reset();
  wire_bytes = 0;
}

}  // namespace engagement::http
