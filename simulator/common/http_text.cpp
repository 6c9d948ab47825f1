#include "simulator/common/http_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "simulator/common/message.hpp"

namespace engagement::simulator {

namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return lower;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Calls `use` with each part of `text` between `separator`s.
template <typename Use>
void for_each_part(std::string_view text, char separator, const Use& use) {
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

bool is_same_header(std::string_view one, std::string_view other) {
  return one.size() == other.size() && lower_case(one) == lower_case(other);
}

std::string percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    const char* digits = text.data() + at + 1;
    if (text[at] == '%' && at + 2 < text.size() && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      out.push_back(static_cast<char>(value));
      at += 2;
    } else {
      out.push_back(text[at] == '+' ? ' ' : text[at]);
    }
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back("0123456789ABCDEF"[byte >> 4U]);
      out.push_back("0123456789ABCDEF"[byte & 15U]);
    }
  }
  return out;
}

QueryFields::QueryFields(std::string_view query) {
  for_each_part(query, '&', [this](std::string_view part) {
    const auto equals = std::min(part.find('='), part.size());
    const std::string_view raw = equals < part.size() ? part.substr(equals + 1) : std::string_view();
    fields_.push_back({percent_decode(part.substr(0, equals)), percent_decode(raw), std::string(raw)});
  });
}

const QueryField* QueryFields::find(std::string_view name) const {
  for (const QueryField& field : fields_) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::optional<std::string> QueryFields::value(std::string_view name) const {
  const QueryField* field = find(name);
  return field != nullptr ? std::optional(field->value) : std::nullopt;
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool accepted = false;
  for_each_part(accept_encoding, ',', [&accepted](std::string_view part) {
    const auto semicolon = std::min(part.find(';'), part.size());
    const std::string coding = lower_case(trimmed(part.substr(0, semicolon)));
    const std::string_view weight = semicolon < part.size() ? trimmed(part.substr(semicolon + 1)) : "";
    const bool refused = weight.starts_with("q=0") && weight.find_first_of("123456789") == std::string_view::npos;
    if ((coding == "gzip" || coding == "x-gzip" || coding == "*") && !refused) accepted = true;
  });
  return accepted;
}

std::optional<std::string> Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (is_same_header(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t Reply::size() const {
  std::size_t bytes = 0;
  for (const Piece& piece : body) bytes += piece->size();
  return bytes;
}

std::string Reply::text() const {
  std::string all;
  for (const Piece& piece : body) all += *piece;
  return all;
}

void Reply::set_text(std::string text) { body.assign(1, make_piece(std::move(text))); }

}  // namespace engagement::simulator
