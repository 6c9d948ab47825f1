#include "simulator/common/socket_of.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

namespace engagement::simulator {

namespace {

using NameFunction = int (*)(int, sockaddr*, socklen_t*);

int port_by(NameFunction name, int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (name(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET) return -1;
  return ntohs(address.sin_port);
}

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

std::vector<int> sockets_of(int local_port) {
  std::vector<int> found;
  const std::unique_ptr<DIR, CloseDirectory> directory(opendir("/proc/self/fd"));
  if (!directory) return found;
  while (const dirent* entry = readdir(directory.get())) {
    const int socket = std::atoi(entry->d_name);
    // A listening socket has no peer.
    if (port_by(getsockname, socket) == local_port && port_by(getpeername, socket) != -1) found.push_back(socket);
  }
  return found;
}

int socket_of(int local_port, int remote_port) {
  for (const int socket : sockets_of(local_port)) {
    if (port_by(getpeername, socket) == remote_port) return socket;
  }
  return -1;
}

void reset_connection(int socket) {
  const linger abort{1, 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
  const int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_device < 0) return;
  dup2(null_device, socket);  // closes the connection
  close(null_device);
}

}  // namespace engagement::simulator
