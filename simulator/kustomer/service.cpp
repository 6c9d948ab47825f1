#include "simulator/kustomer/service.hpp"

#include <fmt/format.h>

#include "simulator/kustomer/admin.hpp"

namespace engagement::simulator::kustomer {

Service::Service(const Options& options, Clock& clock)
    : state_(options, clock),
      vendor_(state_),
      server_(
          [this](const Request& request, const std::stop_token& stop) {
            return request.path.starts_with(kAdminPrefix) ? admin(request, state_) : vendor_.handle(request, stop);
          },
          clock) {}

void Service::start(int port) {
  server_.start(port);
  state_.base_url = fmt::format("http://127.0.0.1:{}", server_.port());
}

}  // namespace engagement::simulator::kustomer
