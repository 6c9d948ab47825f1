#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/clevertap/corpus.hpp"

namespace engagement::simulator::clevertap {

// The flags of an export (reference: "Get User Profiles", query parameters).
struct Flags {
  bool app = true;      // os_version, app_version, make, model
  bool events = true;   // the summary of all events of a person
  bool profile = true;  // profileData

  bool operator==(const Flags&) const = default;
};

// The people of a corpus: invented, each a pure function of (seed, number). One in five is anonymous: no identity,
// email or phone. Each has one to three devices, each device an objectId. Immutable and thread safe.
class PersonText {
 public:
  explicit PersonText(const Corpus& corpus);

  // A whole record of the profiles export.
  void put_record(std::string& out, Person person, Flags flags) const;
  // The value of an event's "profile": the person as one of the devices sees them.
  void put_in_event(std::string& out, Person person, std::uint64_t choice, Flags flags) const;

  bool is_anonymous(Person person) const;
  std::string identity(Person person) const;  // empty for an anonymous person
  std::string email(Person person) const;     // empty where there is none
  std::size_t devices(Person person) const;
  std::string object_id(Person person, std::size_t device) const;

 private:
  std::uint64_t key(Person person) const;
  void put_contact(std::string& out, Person person) const;
  void put_profile_data(std::string& out, Person person) const;
  void put_summary(std::string& out, Person person) const;
  void put_app_fields(std::string& out, Person person, std::size_t device) const;
  std::string_view platform(Person person, std::size_t device) const;

  const Corpus& corpus_;
};

}  // namespace engagement::simulator::clevertap
