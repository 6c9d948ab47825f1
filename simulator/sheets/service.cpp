#include "simulator/sheets/service.hpp"

#include <fmt/format.h>

#include "simulator/sheets/admin.hpp"

namespace engagement::simulator::sheets {

Service::Service(Options options, const nlohmann::json& content, Clock& clock)
    : state_(std::move(options), content, clock),
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

}  // namespace engagement::simulator::sheets
