#include "simulator/common/server.hpp"

#include <httplib.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "simulator/common/socket_of.hpp"

namespace engagement::simulator {

namespace {

constexpr std::size_t kThreads = 64;
constexpr std::chrono::milliseconds kTrickle{50};  // how often a slow body goes on

Request to_request(const httplib::Request& from) {
  Request request;
  request.method = from.method;
  request.path = from.target.substr(0, from.target.find('?'));
  if (request.path.size() < from.target.size()) request.query = from.target.substr(request.path.size() + 1);
  for (const auto& [name, value] : from.headers) {
    // httplib adds what it knows of the connection as headers.
    static constexpr std::string_view kOwn[] = {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"};
    if (std::find(std::begin(kOwn), std::end(kOwn), name) == std::end(kOwn)) request.headers.emplace_back(name, value);
  }
  request.body = from.body;
  return request;
}

}  // namespace

// Sends a reply's body, once, as its Delivery says; whichever way it ends, `finished` is called once.
class ReplySender {
 public:
  ReplySender(Reply reply, Clock& clock, std::stop_token stop, std::function<void()> reset)
      : reply_(std::move(reply)), clock_(clock), stop_(std::move(stop)), reset_(std::move(reset)) {}
  ~ReplySender() { finish(); }
  ReplySender(const ReplySender&) = delete;
  ReplySender& operator=(const ReplySender&) = delete;

  // The whole body goes in one call. False ends the connection.
  bool send(httplib::DataSink& sink) {
    const Delivery& delivery = reply_.delivery;
    const std::size_t end = std::min(delivery.cut_after.value_or(reply_.size()), reply_.size());
    end_ = end;
    std::size_t at = 0;
    for (const Piece& piece : reply_.body) {
      const std::string_view rest(piece->data(), std::min(piece->size(), end - at));
      if (!send_piece(sink, rest, at)) return false;
      at += rest.size();
    }
    if (end == reply_.size()) return true;
    if (delivery.reset) reset_();
    return false;
  }

 private:
  bool send_piece(httplib::DataSink& sink, std::string_view text, std::size_t at) {
    const Delivery& delivery = reply_.delivery;
    const std::size_t middle = reply_.size() / 2;
    if (delivery.stall_in_body && at <= middle && middle < at + text.size()) {
      if (!write(sink, text.substr(0, middle - at))) return false;
      clock_.wait_for(delivery.stall, stop_);
      text.remove_prefix(middle - at);
    }
    return delivery.bytes_per_second == 0 ? write(sink, text) : trickle(sink, text);
  }

  bool trickle(httplib::DataSink& sink, std::string_view text) {
    const std::size_t per_second = static_cast<std::size_t>(std::chrono::seconds(1) / kTrickle);
    const std::size_t step = std::max<std::size_t>(reply_.delivery.bytes_per_second / per_second, 1);
    while (!text.empty()) {
      if (!write(sink, text.substr(0, step))) return false;
      text.remove_prefix(std::min(step, text.size()));
      clock_.wait_for(kTrickle, stop_);
    }
    return true;
  }

  bool write(httplib::DataSink& sink, std::string_view text) {
    if (text.empty()) return true;
    sent_ += text.size();
    if (sent_ >= end_) finish();  // before the client can know
    return sink.write(text.data(), text.size());
  }

  void finish() {
    if (reply_.finished) std::exchange(reply_.finished, nullptr)(reply_.size());
  }

  Reply reply_;
  Clock& clock_;
  std::stop_token stop_;
  std::function<void()> reset_;
  std::size_t sent_ = 0, end_ = 0;
};

class Server::Implementation {
 public:
  Implementation(Handler handler, Clock& clock) : handler_(std::move(handler)), clock_(clock) {
    // httplib's own options include SO_REUSEPORT, with which two servers share a port without a word.
    server_.set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    });
    server_.set_tcp_nodelay(true);  // the last short segment of a page must not wait for an acknowledgement
    server_.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max() / 2);
    server_.set_keep_alive_timeout(60);
    server_.set_read_timeout(std::chrono::seconds(60));
    server_.set_write_timeout(std::chrono::seconds(600));  // a client that is slow to read is not the server's business
    server_.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
    const httplib::Server::Handler any = [this](const httplib::Request& request, httplib::Response& response) {
      answer(request, response);
    };
    // A body of unknown length would be read until the connection ends: such a request comes without one.
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      const bool has_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
      const bool has_length = request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
      if (!has_body || has_length) return httplib::Server::HandlerResponse::Unhandled;
      answer(request, response);
      return httplib::Server::HandlerResponse::Handled;
    });
    server_.Get(".*", any).Post(".*", any).Put(".*", any).Patch(".*", any).Delete(".*", any).Options(".*", any);
  }

  void start(int port) {
    port_ = port == 0 ? server_.bind_to_any_port("127.0.0.1") : server_.bind_to_port("127.0.0.1", port) ? port : -1;
    if (port_ <= 0) throw config_error("Port " + std::to_string(port) + " cannot be listened on: is it in use?");
    thread_ = std::thread([this] {
      server_.listen_after_bind();
      ended_ = true;
    });
    while (!server_.is_running()) std::this_thread::yield();  // stop() before that would be lost
  }

  void stop() {
    if (!thread_.joinable()) return;
    stop_.request_stop();
    server_.stop();
    // Threads that wait for the next request of a connection would do so for a minute.
    while (!ended_) {
      for (const int socket : sockets_of(port_)) shutdown(socket, SHUT_RDWR);
      clock_.wait_for(std::chrono::milliseconds(2), {});
    }
    thread_.join();
  }

  int port() const { return port_; }

 private:
  void answer(const httplib::Request& from, httplib::Response& response) {
    const auto abort = [this, remote = from.remote_port] {
      const int socket = socket_of(port_, remote);
      if (socket >= 0) reset_connection(socket);
    };
    try {
      Reply reply = handler_(to_request(from), stop_.get_token());
      const Delivery& delivery = reply.delivery;
      if (!delivery.stall_in_body && delivery.stall.count() > 0) clock_.wait_for(delivery.stall, stop_.get_token());
      if (delivery.reset && !delivery.cut_after) abort();
      response.status = reply.status;
      for (const auto& [name, value] : reply.headers) response.set_header(name, value);
      deliver(std::move(reply), response, abort);
    } catch (const Stopped&) {
      response.status = 503;
    }
  }

  void deliver(Reply reply, httplib::Response& response, const std::function<void()>& abort) {
    const std::size_t size = reply.size();
    const std::string content_type = reply.content_type;
    const auto sender = std::make_shared<ReplySender>(std::move(reply), clock_, stop_.get_token(), abort);
    if (size == 0) return;  // the sender ends here
    // With a provider of known length httplib neither copies nor compresses.
    response.set_content_provider(size, content_type, [sender](std::size_t, std::size_t, httplib::DataSink& sink) {
      try {
        return sender->send(sink);
      } catch (const Stopped&) {
        return false;
      }
    });
  }

  Handler handler_;
  Clock& clock_;
  std::stop_source stop_;
  httplib::Server server_;
  int port_ = -1;
  std::thread thread_;
  std::atomic<bool> ended_{false};
};

Server::Server(Handler handler, Clock& clock)
    : implementation_(std::make_unique<Implementation>(std::move(handler), clock)) {}

Server::~Server() { stop(); }

void Server::start(int port) { implementation_->start(port); }

int Server::port() const { return implementation_->port(); }

void Server::stop() { implementation_->stop(); }

}  // namespace engagement::simulator
