#pragma once

#include <vector>

namespace engagement::simulator {

// cpp-httplib hands its users no socket, but a reset needs one, and so does a prompt end. Linux: looks through the
// open descriptors of this process.

// The accepted socket that is connected to `remote_port` from `local_port`; -1 if there is none.
int socket_of(int local_port, int remote_port);

// Every accepted socket of the server at `local_port`.
std::vector<int> sockets_of(int local_port);

// Ends the connection with a TCP reset at once. The descriptor stays valid (it is the null device then), so its owner
// may go on to fail with it and close it.
void reset_connection(int socket);

}  // namespace engagement::simulator
