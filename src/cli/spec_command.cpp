#include "cli/commands.hpp"

namespace engagement::cli {

int run_spec(Session& session) {
  session.writer.write(protocol::spec_message(engine::Json::parse(session.source.connection_specification()),
                                              session.source.documentation_url()));
  return 0;
}

}  // namespace engagement::cli
