#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/drift.hpp"
#include "rest/record_writer.hpp"
#include "sources/kustomer/records/key_names.hpp"

namespace engagement::kustomer {

// The flat layout: what tap-kustomer's transform.py makes of a row before its schema filter.
//
// - every key in snake_case, at every depth;
// - the members of `attributes` become the record's, in place of others of the same name;
// - so does the `data` of each relationship, under the relationship's name; that of `sla` is called `sla_data`. A
//   relationship without `data` is left out;
// - values stay byte for byte.
//
// Where the tap crashes: a relationship whose data is null becomes null, and a row without attributes or relationships
// stays. Of two keys that become one the later wins, and `drift` (may be null) is told. Rewrites in one pass.
class FlatRecords final : public rest::RecordMaker {
 public:
  explicit FlatRecords(engine::DriftReport* drift) : drift_(drift) {}

  bool append(const json::RecordSlice& record, std::string& out) override;

 private:
  using Name = KeyNames::Name;
  // A record's own members come from three places; a later one takes the place of an earlier one.
  enum class Origin : std::uint8_t { row, attribute, relationship };
  struct Member {
    const Name* name;
    std::size_t begin;  // where it stands in the output, with the comma before it
    Origin origin;
    bool dead;
  };
  struct KnownNames {
    explicit KnownNames(KeyNames& names)
        : attributes(&names.named("attributes")),
          relationships(&names.named("relationships")),
          data(&names.named("data")),
          sla(&names.named("sla")),
          sla_data(&names.named("sla_data")) {}
    Name* attributes;
    Name* relationships;
    Name* data;
    Name* sla;
    Name* sla_data;
  };

  void row(json::ValueWalker walker, std::string& out);
  void attributes(json::ValueWalker& walker, std::string& out);
  void relationships(json::ValueWalker& walker, std::string& out);
  void relationship(Name& name, json::ValueWalker& walker, std::string& out);
  void begin_member(Name& name, Origin origin, std::string& out);
  void drop_all(Origin origin);
  bool drop(const Name& name, Origin origin);
  void settle_origins();
  void remove_dropped(std::string& out);

  void value(json::ValueWalker& walker, std::string& out, std::size_t depth);
  void object(json::ValueWalker& walker, std::string& out, std::size_t depth);
  void array(json::ValueWalker& walker, std::string& out, std::size_t depth);
  void displace(std::size_t first_member, const Name& name, std::string& out);
  void report(const Name& name);

  KeyNames names_;
  KnownNames known_{names_};
  engine::DriftReport* drift_;
  std::uint32_t serial_ = 0;  // of the object that was begun last
  std::uint32_t record_ = 0;  // the serial of the record itself
  bool any_dropped_ = false;  // among the record's own members
  bool any_shared_ = false;   // a name came from two origins
  bool relationships_replaced_ = false;
  std::vector<Member> members_;  // the record's own, then those of the objects that are open, the innermost last
};

}  // namespace engagement::kustomer
