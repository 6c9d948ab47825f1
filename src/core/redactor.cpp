#include "core/redactor.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/utf8_points.hpp"

namespace engagement {
namespace {

constexpr std::size_t kShortestSecret = 3;
constexpr std::size_t kShortestPiece = 8;  // of a secret that was cut
constexpr std::string_view kMask = "****";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";
constexpr std::string_view kLowerHex = "0123456789abcdef";
constexpr std::string_view kStandardAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// RFC 3986: everything but `kept` and letters and digits as %XX.
std::string percent_encoded(std::string_view text, std::string_view hex, std::string_view kept, bool plus_for_blank) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_alphanumeric(c) || kept.find(c) != std::string_view::npos) {
      result += c;
    } else if (c == ' ' && plus_for_blank) {
      result += '+';
    } else {
      result += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
  }
  return result;
}

void add_percent_forms(std::string_view secret, std::vector<std::string>& needles) {
  for (const auto hex : {kUpperHex, kLowerHex}) {
    // The unreserved characters of RFC 3986, then what HTML forms (no '~', but '*') and paths ('/') leave alone.
    for (const std::string_view kept : {"-._~", "*-._", "/-._~", "-._~!*'()"}) {
      needles.push_back(percent_encoded(secret, hex, kept, false));
      needles.push_back(percent_encoded(secret, hex, kept, true));
    }
  }
}

void append_unicode_escape(std::uint32_t unit, std::string_view hex, std::string& out) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += hex[(unit >> shift) & 15U];
}

struct JsonStyle {
  std::string_view hex;
  bool ascii_only;
  bool escape_slash;
};

// The inside of a JSON string as the usual serialisers write it.
std::string json_escaped(std::string_view text, const JsonStyle& style) {
  constexpr std::string_view kSpecial = "\"\\\b\f\n\r\t";
  constexpr std::string_view kShort = "\"\\bfnrt";
  std::string result;
  for (const auto& point : utf8_points(text)) {
    const auto special = point.text.size() == 1 ? kSpecial.find(point.text[0]) : std::string_view::npos;
    if (special != std::string_view::npos) {
      result += {'\\', kShort[special]};
    } else if (point.value == U'/' && style.escape_slash) {
      result += "\\/";
    } else if (point.value < 0x20 || (style.ascii_only && point.value > 0x7e && point.value < 0x10000)) {
      append_unicode_escape(point.value, style.hex, result);
    } else if (style.ascii_only && point.value >= 0x10000) {
      const std::uint32_t above = point.value - 0x10000U;
      append_unicode_escape(0xd800U + (above >> 10U), style.hex, result);
      append_unicode_escape(0xdc00U + (above & 0x3ffU), style.hex, result);
    } else {
      result += point.text;
    }
  }
  return result;
}

void add_json_forms(std::string_view secret, std::vector<std::string>& needles) {
  for (const auto hex : {kUpperHex, kLowerHex}) {
    for (const bool ascii_only : {false, true}) {
      for (const bool escape_slash : {false, true}) {
        needles.push_back(json_escaped(secret, {hex, ascii_only, escape_slash}));
      }
    }
  }
}

// The base64 characters that `secret` alone decides when `before` other bytes (0 to 2) of its group of three precede
// it: those of which all six bits are the secret's. `ends` adds the last character where the text ends with the secret.
std::string base64_core(std::string_view secret, std::size_t before, std::string_view alphabet, bool ends) {
  const std::size_t bits = 8 * (before + secret.size());
  const auto bit = [&](std::size_t index) -> unsigned {
    if (index >= bits) return 0U;  // what a writer fills the last character with
    const auto byte = static_cast<unsigned char>(secret[index / 8 - before]);
    return (byte >> (7 - index % 8)) & 1U;
  };
  const std::size_t first = (8 * before + 5) / 6;
  const std::size_t last = ends ? (bits + 5) / 6 : bits / 6;
  std::string result;
  for (std::size_t character = first; character < last; ++character) {
    unsigned value = 0;
    for (std::size_t i = 0; i < 6; ++i) value = value * 2 + bit(6 * character + i);
    result += alphabet[value];
  }
  return result;
}

void add_base64_forms(std::string_view secret, std::vector<std::string>& needles) {
  for (const auto alphabet : {kStandardAlphabet, kUrlAlphabet}) {
    for (std::size_t before = 0; before < 3; ++before) {
      needles.push_back(base64_core(secret, before, alphabet, false));
      std::string whole = base64_core(secret, before, alphabet, true);
      const std::size_t padding = (3 - (before + secret.size()) % 3) % 3;
      needles.push_back(whole);
      needles.push_back(whole.append(padding, '='));
    }
  }
}

using Range = std::pair<std::size_t, std::size_t>;

// Every place where a needle stands or begins, also inside or across another's.
std::vector<Range> matches(std::string_view text, const std::vector<std::string>& needles) {
  std::vector<Range> found;
  for (const auto& needle : needles) {
    const std::string_view piece = std::string_view(needle).substr(0, kShortestPiece);
    for (auto at = text.find(piece); at != std::string_view::npos; at = text.find(piece, at + 1)) {
      const auto differs = std::mismatch(needle.begin(), needle.end(), text.begin() + at, text.end());
      found.emplace_back(at, at + static_cast<std::size_t>(differs.first - needle.begin()));
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

void Redactor::add_secret(std::string_view secret) {
  if (utf8_points(secret).size() < kShortestSecret) return;
  std::vector<std::string> forms{std::string(secret)};
  add_percent_forms(secret, forms);
  add_base64_forms(secret, forms);
  add_json_forms(secret, forms);

  const std::lock_guard lock(mutex_);
  for (auto& form : forms) {
    if (form.size() >= kShortestSecret) needles_.push_back(std::move(form));
  }
  std::sort(needles_.begin(), needles_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  needles_.erase(std::unique(needles_.begin(), needles_.end()), needles_.end());
}

std::string Redactor::redact(std::string_view text) const {
  std::vector<Range> found;
  {
    const std::lock_guard lock(mutex_);
    found = matches(text, needles_);
  }
  std::string result;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < found.size();) {
    // Matches that overlap are one: replacing only the first would leave the rest of the second in the text.
    auto [begin, end] = found[i];
    while (++i < found.size() && found[i].first < end) end = std::max(end, found[i].second);
    result.append(text.substr(copied, begin - copied)).append(kMask);
    copied = end;
  }
  return result.append(text.substr(copied));
}

}  // namespace engagement
