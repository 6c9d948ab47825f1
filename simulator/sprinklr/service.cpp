#include "simulator/sprinklr/service.hpp"

#include <fmt/format.h>

#include "simulator/sprinklr/admin.hpp"

namespace engagement::simulator::sprinklr {

Service::Service(Options options, Clock& clock)
    : state_(std::move(options), clock),
      vendor_(state_),
      server_(
          [this](const Request& request, const std::stop_token& stop) {
            return request.path.starts_with(kAdminPrefix) ? admin(request, state_) : vendor_.handle(request, stop);
          },
          clock) {}

void Service::start(int port) {
  server_.start(port);
  const std::string& environment = state_.options.environment;
  state_.base_url =
      fmt::format("http://127.0.0.1:{}{}", server_.port(), environment == "prod" ? "" : "/" + environment);
}

}  // namespace engagement::simulator::sprinklr
