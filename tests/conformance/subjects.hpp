#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/source.hpp"
#include "support/connector.hpp"
#include "support/simulator_process.hpp"

namespace engagement::test {

// All sources, or the one that the environment's ENGAGEMENT_TESTED_SOURCE names: ctest runs them side by side.
std::vector<std::unique_ptr<engine::Source>> tested_sources();

// Another vendor of whom a source reads, too.
struct Second {
  std::vector<std::string> simulator;
  std::set<std::string> streams;  // those that ask it, and nobody else
  Json rate_limited;
  void (*prepare)(const SimulatorProcess& simulator, Json& config);
};

// What the suite has to be told about a source; everything else it asks the source itself. A new source adds a row in
// subjects.cpp.
struct Subject {
  std::string source;
  std::vector<std::string> simulator;       // its arguments: a small corpus, several slices and pages in every stream
  Json config;                              // valid for it, without api_base_url
  std::vector<std::string> secrets;         // of that config
  Json rate_limited;                        // a fault: 429 with a Retry-After of a second
  Json growing;                             // a fault: new records keep arriving while a stream is read
  Json growing_config;                      // merged into the config for that; null takes an option away
  std::string reread_from;                  // a second incremental sync reads no cursor value before it …
  std::set<std::string> older_than_reread;  // … but in these streams, which follow the time of something else
  std::set<std::string> reread_whole;       // what a first sync saw of these may all have ended within the look-back
  std::map<std::string, Json> future;       // by stream: a state that lies after everything there is
  // How many records of a stream, distinct by key, a full refresh brings.
  std::size_t (*truth)(const SimulatorProcess& simulator, const std::string& stream);
  std::set<std::string> streams;          // those that are read; empty: all that are discovered
  std::set<std::string> growing_streams;  // those that grow; empty: all of these
  // Resumable streams that may leave one checkpoint only: their slices are few, or end out of order.
  std::set<std::string> few_checkpoints;
  std::set<std::string> momentary;  // streams whose key is the moment at which they are read
  // Completes the config with what only the running simulator knows; nullptr: nothing.
  void (*prepare)(const SimulatorProcess& simulator, Json& config) = nullptr;
  std::optional<Second> second;
};

// Rows that stand in files of their own.
Subject clevertap_subject();
Subject kustomer_subject();
Subject sprinklr_subject();

// Fails the test where there is no row.
const Subject& subject_of(std::string_view source);

// A subject's simulator and the connector that reads it.
struct Setup {
  explicit Setup(std::string_view source)
      : subject(subject_of(source)), simulator(subject.simulator), connector(subject.source), config(subject.config) {
    config["api_base_url"] = simulator.url();
    if (subject.prepare != nullptr) subject.prepare(simulator, config);
    if (!subject.second) return;
    second.emplace(subject.second->simulator);
    subject.second->prepare(*second, config);
  }

  bool is_of_second(const std::string& stream) const { return second && subject.second->streams.contains(stream); }

  // Of all streams that are to be read.
  Json catalog(const std::string& mode) { return connector.catalog(config, mode, subject.streams); }

  const Subject& subject;
  SimulatorProcess simulator;
  std::optional<SimulatorProcess> second;
  Connector connector;
  Json config;
};

}  // namespace engagement::test
