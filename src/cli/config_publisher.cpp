#include "cli/config_publisher.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include "core/error.hpp"
#include "protocol/config.hpp"

namespace engagement::cli {

namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Writes a file beside `path` and renames it. False, with errno, where any step failed.
bool replace_atomically(const std::string& path, std::string_view text) {
  struct stat old {};
  if (::stat(path.c_str(), &old) != 0) return false;
  std::string beside = path + ".XXXXXX";
  const File file(::mkstemp(beside.data()));
  if (file.get() < 0) return false;
  const bool written = ::fchmod(file.get(), old.st_mode & 07777U) == 0 && write_all(file.get(), text) &&
                       ::fsync(file.get()) == 0 && ::rename(beside.c_str(), path.c_str()) == 0;
  if (!written) {
    const int problem = errno;
    ::unlink(beside.c_str());
    errno = problem;
    return false;
  }
  const File folder(::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder.get() < 0 || ::fsync(folder.get()) == 0 || errno == EINVAL;
}

}  // namespace

void replace_file(const std::string& path, std::string_view text) {
  std::error_code problem;
  const auto target = std::filesystem::canonical(path, problem);
  errno = problem.value();
  if (!problem && replace_atomically(target.string(), text)) return;
  throw system_error(
      fmt::format("The configuration file {} could not be replaced: {}. Save the configuration from this run's CONTROL "
                  "message before the next run.",
                  path, std::strerror(errno)));
}

void prove_replaceable(const std::string& path) {
  std::error_code problem;
  const auto target = std::filesystem::canonical(path, problem);
  errno = problem.value();
  if (!problem) {
    std::string beside = target.string() + ".XXXXXX";
    const File file(::mkstemp(beside.data()));
    if (file.get() >= 0) {
      ::unlink(beside.c_str());
      return;
    }
  }
  throw config_error(fmt::format(
      "The configuration file {} cannot be replaced (--update-config): {}. The token in it can be used only "
      "once, so it was not used. Let this user write into the file's folder.",
      path, std::strerror(errno)));
}

void ConfigPublisher::prepare() {
  if (!file_.empty()) prove_replaceable(file_);
}

void ConfigPublisher::replace(const protocol::Json& config) {
  for (const auto& secret : protocol::secret_values(config, specification_)) redactor_.add_secret(secret);
  const std::lock_guard lock(mutex_);
  // The file first: whoever should read the message may have gone, stand still or have a full disk, and the token that
  // both carry is the only one.
  std::optional<ConnectorError> not_replaced;
  try {
    if (!file_.empty()) replace_file(file_, config.dump(2) + "\n");
  } catch (const ConnectorError& error) {
    not_replaced = error;
  }
  writer_.write(protocol::connector_config_message(config, clock_.now()));
  if (not_replaced) throw ConnectorError(*not_replaced);
}

}  // namespace engagement::cli
