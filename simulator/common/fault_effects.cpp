#include "simulator/common/fault_effects.hpp"

#include <algorithm>
#include <cmath>

namespace engagement::simulator {

namespace {

constexpr std::string_view kHtmlPage =
    "<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head>\n"
    "<body><h1>Bad Gateway</h1><p>The server is temporarily unable to service your request.</p></body></html>\n";

// The first `fraction` of the body, or `after_bytes` of it.
std::size_t cut_of(const Fault& fault, const Reply& reply) {
  const auto bytes = fault.get<std::int64_t>("after_bytes", -1);
  return bytes >= 0 ? std::min(static_cast<std::size_t>(bytes), reply.size()) : reply.size() / 2;
}

bool is_gzip(const Reply& reply) {
  return std::any_of(reply.headers.begin(), reply.headers.end(),
                     [](const auto& header) { return header.first == "Content-Encoding"; });
}

// A gzip body of which the end is missing although the HTTP message is complete.
void truncate_message(const Fault& fault, Reply& reply) {
  std::string text = reply.text();
  text.resize(cut_of(fault, reply));
  reply.set_text(std::move(text));
}

// One wrong byte: inside the compressed data, or, with "where": "checksum", in the CRC.
void corrupt(const Fault& fault, Reply& reply) {
  std::string text = reply.text();
  if (text.size() < 32) return;
  const bool checksum = fault.get<std::string>("where", "data") == "checksum";
  char& victim = text[checksum ? text.size() - 8 : text.size() / 2];
  victim = static_cast<char>(victim ^ 0x55);
  reply.set_text(std::move(text));
}

std::chrono::milliseconds seconds_of(const Fault& fault, double fallback) {
  return std::chrono::milliseconds(std::llround(fault.get("seconds", fallback) * 1000));
}

}  // namespace

const FaultKinds& common_fault_kinds() {
  static const FaultKinds kinds = {
      {"status", {{{"status", 0}, {"body", nullptr}, {"headers", nlohmann::json::object()}, {"content_type", ""}}, ""}},
      {"html_page", {{{"status", 0}}, ""}},
      {"garbage", {{{"status", 0}, {"body", ""}}, ""}},
      {"truncate_body", {{{"after_bytes", 0}}, ""}},
      {"truncate_gzip", {{{"after_bytes", 0}}, ""}},
      {"corrupt_gzip", {{{"where", ""}}, ""}},
      {"reset", {{{"at", ""}, {"after_bytes", 0}}, ""}},
      {"stall", {{{"seconds", 0.0}, {"at", ""}}, ""}},
      {"slow", {{{"bytes_per_second", 0}}, ""}},
  };
  return kinds;
}

std::optional<Reply> replacement(const Fault& fault) {
  Reply reply;
  if (fault.kind == "status") {
    reply.status = fault.get("status", 500);
    const nlohmann::json body = fault.get("body", nlohmann::json(""));
    reply.content_type = fault.get<std::string>("content_type", "application/json");
    reply.set_text(body.is_string() ? body.get<std::string>() : body.dump());
    const nlohmann::json headers = fault.get("headers", nlohmann::json::object());
    for (const auto& [name, value] : headers.items()) {
      reply.headers.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  } else if (fault.kind == "html_page") {
    reply.status = fault.get("status", 502);
    reply.content_type = "text/html";
    reply.set_text(std::string(kHtmlPage));
  } else if (fault.kind == "garbage") {
    reply.status = fault.get("status", 200);
    reply.set_text(fault.get<std::string>("body", "\x01\x02 this is } no { JSON ]["));
  } else {
    return std::nullopt;
  }
  return reply;
}

void spoil(const Fault& fault, Reply& reply) {
  if (fault.kind == "truncate_body") {
    reply.delivery.cut_after = cut_of(fault, reply);
  } else if (fault.kind == "truncate_gzip") {
    truncate_message(fault, reply);
  } else if (fault.kind == "corrupt_gzip") {
    if (is_gzip(reply)) corrupt(fault, reply);
  } else if (fault.kind == "reset") {
    reply.delivery.reset = true;
    if (fault.get<std::string>("at", "headers") == "body") reply.delivery.cut_after = cut_of(fault, reply);
  } else if (fault.kind == "stall") {
    reply.delivery.stall = seconds_of(fault, 1);
    reply.delivery.stall_in_body = fault.get<std::string>("at", "headers") == "body";
  } else if (fault.kind == "slow") {
    reply.delivery.bytes_per_second = fault.get<std::size_t>("bytes_per_second", 10'000);
  }
}

}  // namespace engagement::simulator
