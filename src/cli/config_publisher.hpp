#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/redactor.hpp"
#include "engine/config_updates.hpp"
#include "protocol/writer.hpp"

namespace engagement::cli {

// A changed configuration goes out as a CONTROL message, which the platform stores, and with --update-config into the
// file too. Thread safe.
class ConfigPublisher final : public engine::ConfigUpdates {
 public:
  // `file`: empty where no file is to follow.
  ConfigPublisher(protocol::Writer& writer, Redactor& redactor, const Clock& clock, protocol::Json specification,
                  std::string file)
      : writer_(writer),
        redactor_(redactor),
        clock_(clock),
        specification_(std::move(specification)),
        file_(std::move(file)) {}

  void replace(const protocol::Json& config) override;
  void prepare() override;
  void add_secret(std::string_view secret) override { redactor_.add_secret(secret); }

 private:
  protocol::Writer& writer_;
  Redactor& redactor_;
  const Clock& clock_;
  const protocol::Json specification_;
  const std::string file_;
  std::mutex mutex_;
};

// Puts `text` in the place of the file, whole or not at all: written beside it, synchronised to disk, renamed. Keeps
// its mode, and follows a symbolic link. Throws a system ConnectorError.
void replace_file(const std::string& path, std::string_view text);
// Throws a config ConnectorError where a file cannot be put in its place.
void prove_replaceable(const std::string& path);

}  // namespace engagement::cli
