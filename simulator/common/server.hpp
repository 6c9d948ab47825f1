#pragma once

#include <functional>
#include <memory>
#include <stop_token>

#include "core/clock.hpp"
#include "simulator/common/message.hpp"

namespace engagement::simulator {

// An HTTP server on 127.0.0.1 that hands every request to one function, on many threads, and delivers its reply, as
// badly as the reply's Delivery asks. The only user of cpp-httplib.
class Server {
 public:
  // `stop` is triggered when the server ends: the handler's waits should heed it. It may throw Stopped.
  using Handler = std::function<Reply(const Request& request, const std::stop_token& stop)>;

  Server(Handler handler, Clock& clock);
  ~Server();  // ends every connection
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and starts to serve on threads of its own; `port` 0 is any free one. Throws ConnectorError.
  void start(int port);
  int port() const;
  // Ends the waits and the connections, and joins the threads. May be called twice.
  void stop();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace engagement::simulator
