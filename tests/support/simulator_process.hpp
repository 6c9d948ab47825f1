#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"

namespace engagement::test {

// A running engagement-simulator (docs/simulator.md) and its own endpoints below /_simulator/. REQUIRES the macro
// ENGAGEMENT_SIMULATOR, the executable's path.
class SimulatorProcess {
 public:
  using Json = nlohmann::ordered_json;

  // `arguments` begin with the vendor's name.
  explicit SimulatorProcess(std::vector<std::string> arguments) : process_(command(std::move(arguments))) {
    constexpr std::string_view kGreeting = "listening on ";
    process_.read_until([](const std::string& out) { return out.find('\n') != std::string::npos; });
    const std::string& line = process_.out();
    if (line.rfind(kGreeting, 0) != 0) throw std::runtime_error("the simulator did not start: " + line);
    url_ = line.substr(kGreeting.size(), line.find('\n') - kGreeting.size());
    port_ = static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
  }

  const std::string& url() const { return url_; }

  // The rules of docs/simulator.md, one or a list of them; those before are forgotten.
  void set_faults(const Json& rules) const { admin("PUT", "faults", rules.dump()); }
  // Each rule, with `seen` and `committed`.
  Json faults() const { return Json::parse(admin("GET", "faults")); }
  // How often all rules together were committed.
  std::size_t faults_committed() const {
    std::size_t sum = 0;
    for (const auto& rule : faults()) sum += rule.at("committed").get<std::size_t>();
    return sum;
  }

  // `query` is percent-encoded: "from=20260301&to=20260310".
  Json truth(const std::string& query = {}) const { return Json::parse(admin("GET", "truth?" + query)); }
  // Any other of its endpoints: ask("POST", "truth/counts", body).
  Json ask(const std::string& method, const std::string& call, const Json& body = Json()) const {
    return Json::parse(admin(method, call, body.is_null() ? std::string() : body.dump()));
  }
  Json requests() const { return Json::parse(admin("GET", "requests")); }
  // Of the simulated Google Sheets: the service account's key file, and another content from now on.
  Json key() const { return Json::parse(admin("GET", "key")); }
  void put_sheet(const Json& content) const { admin("PUT", "sheet", content.dump()); }
  void forget_requests() const { admin("DELETE", "requests"); }
  // What happens to rows of a Kustomer organisation: "stream=note&do=delete&rows=2".
  void change(const std::string& query) const { admin("POST", "rows?" + query); }
  // More rows of an event's day, from now on. REQUIRES a name that needs no encoding.
  void put_late(const std::string& event, int day, int rows) const {
    admin("PUT", "late?event=" + event + "&day=" + std::to_string(day) + "&rows=" + std::to_string(rows));
  }

 private:
  static std::vector<std::string> command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), ENGAGEMENT_SIMULATOR);
    arguments.insert(arguments.end(), {"--port", "0"});
    return arguments;
  }

  // One request on a connection of its own; the body of the answer. Throws for any status but 200.
  std::string admin(const std::string& method, const std::string& call, const std::string& body = {}) const {
    std::string answer = exchange(
        method + " /_simulator/" + call + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" +
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    const std::size_t head = answer.find("\r\n\r\n");
    if (answer.rfind("HTTP/1.1 200", 0) != 0 || head == std::string::npos) {
      throw std::runtime_error(method + " " + call + ": " + answer);
    }
    return answer.substr(head + 4);
  }

  std::string exchange(std::string_view request) const {
    const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
      while (!request.empty()) {
        const ssize_t sent = ::send(connection, request.data(), request.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        request.remove_prefix(static_cast<std::size_t>(sent));
      }
      char bytes[64 * 1024];
      for (ssize_t count; (count = ::recv(connection, bytes, sizeof bytes, 0)) > 0;) {
        answer.append(bytes, static_cast<std::size_t>(count));
      }
    }
    ::close(connection);
    return answer;
  }

  Process process_;
  std::string url_;
  std::uint16_t port_ = 0;
};

}  // namespace engagement::test
