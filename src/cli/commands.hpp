#pragma once

#include "cli/session.hpp"

namespace engagement::cli {

// Each runs one command of the Airbyte protocol and returns the exit code. A ConnectorError that leaves them becomes a
// TRACE ERROR and exit code 1; Stopped means that the process was told to stop.
int run_spec(Session& session);
int run_check(Session& session);
int run_discover(Session& session);
int run_read(Session& session);

// Prints what a source's list_queries() gives, an object a line, and nothing else on stdout: it is for a person. What
// fails is said on stderr. The exit code is 1 where it fails or something cannot be asked. REQUIRES: a source that
// lists queries.
int run_queries(Session& session);

// The stream tables of docs/ and README.md, in Markdown.
std::string documentation_of(const engine::Source& source);

}  // namespace engagement::cli
