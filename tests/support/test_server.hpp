#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace engagement::test {

// One accepted connection, for a test's script to answer on. Bytes go out exactly as given, so that broken HTTP can be
// served, too.
class Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // What the peer no longer takes is dropped.
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // The same in pieces of `size` bytes, each a segment of its own.
  void send_in_pieces(std::string_view bytes, std::size_t size) {
    for (std::size_t at = 0; at < bytes.size(); at += size) send(bytes.substr(at, size));
  }

  // No more answers: an orderly end of the connection once the script returns.
  void close() { open_ = false; }

  // The peer sees "connection reset". What was sent before may or may not arrive.
  void reset() {
    const linger at_once{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    open_ = false;
  }

  // Says nothing more until the peer hangs up (or the server ends); `while_waiting` runs again and again meanwhile.
  void stall(const std::function<void()>& while_waiting = [] {}) {
    open_ = false;
    char byte = 0;
    pollfd readable{socket_, POLLIN, 0};
    do {
      while_waiting();
    } while (poll(&readable, 1, 10) == 0 || recv(socket_, &byte, 1, 0) > 0);
  }

  bool open() const { return open_; }

  // The next request, raw; empty when the peer has hung up.
  std::string receive_request() {
    for (;;) {
      if (const std::size_t size = request_size(); size > 0) {
        std::string request = received_.substr(0, size);
        received_.erase(0, size);
        return request;
      }
      char bytes[16 * 1024];
      const ssize_t count = recv(socket_, bytes, sizeof bytes, 0);
      if (count <= 0) return {};
      received_.append(bytes, static_cast<std::size_t>(count));
    }
  }

  int socket() const { return socket_; }

 private:
  // Of the first whole request in received_, its body included; 0 while there is none.
  std::size_t request_size() const {
    const std::size_t head_end = received_.find("\r\n\r\n");
    if (head_end == std::string::npos) return 0;
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    const std::size_t length = received_.find(kLength);
    const std::size_t body = length < head_end ? std::stoul(received_.substr(length + kLength.size())) : 0;
    const std::size_t size = head_end + 4 + body;
    return received_.size() < size ? 0 : size;
  }

  const int socket_;
  bool open_ = true;
  std::string received_;
};

// A server on loopback, port of the system's choice, whose every path is a test's script, named after its behaviour.
// Each connection has a thread; a connection stays open until a script ends it. Requests are recorded byte for byte.
class TestServer {
 public:
  using Script = std::function<void(Connection&)>;

  TestServer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no loopback port to listen on");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_connections(); });
  }

  ~TestServer() {
    shutdown(listener_, SHUT_RDWR);  // wakes accept()
    acceptor_.join();
    ::close(listener_);
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : open_sockets_) shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  // What requests for `path` (their query is not looked at) get from now on. Any other path answers 404.
  void on(const std::string& path, Script script) {
    const std::lock_guard lock(mutex_);
    scripts_[path] = std::move(script);
  }

  // The same for fixed bytes; the connection stays open.
  void on(const std::string& path, std::string answer) {
    on(path, [answer = std::move(answer)](Connection& connection) { connection.send(answer); });
  }

  // For what is no HTTP (TLS, say): each connection is `script`'s from its first byte, until it returns.
  void on_connection(Script script) {
    const std::lock_guard lock(mutex_);
    connection_script_ = std::move(script);
  }

  int port() const { return port_; }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }

  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // How many connections were accepted so far.
  int connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  void accept_connections() {
    for (;;) {
      const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) return;
      const std::lock_guard lock(mutex_);
      ++connections_;
      open_sockets_.push_back(socket);
      threads_.emplace_back([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    Connection connection(socket);
    Script whole;
    {
      const std::lock_guard lock(mutex_);
      whole = connection_script_;
    }
    if (whole) {
      whole(connection);
      connection.close();
    }
    while (connection.open()) {
      const std::string request = connection.receive_request();
      if (request.empty()) break;
      record_and_find(request)(connection);
    }
    const std::lock_guard lock(mutex_);
    open_sockets_.erase(std::find(open_sockets_.begin(), open_sockets_.end(), socket));
  }

  Script record_and_find(const std::string& request) {
    const std::size_t begin = std::min(request.find(' '), request.size() - 1) + 1;
    const std::string path = request.substr(begin, request.find_first_of(" ?", begin) - begin);
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    const auto script = scripts_.find(path);
    if (script != scripts_.end()) return script->second;
    return [](Connection& connection) { connection.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"); };
  }

  const int listener_;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, Script> scripts_;
  Script connection_script_;
  std::vector<std::string> requests_;
  std::vector<int> open_sockets_;
  int connections_ = 0;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace engagement::test
