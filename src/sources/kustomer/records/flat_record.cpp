#include "sources/kustomer/records/flat_record.hpp"

#include <algorithm>

namespace engagement::kustomer {

bool FlatRecords::append(const json::RecordSlice& record, std::string& out) {
  if (names_.forget_if_crowded()) known_ = KnownNames(names_);
  members_.clear();
  record_ = ++serial_;
  any_dropped_ = false;
  any_shared_ = false;
  relationships_replaced_ = false;
  const std::size_t begin = out.size();
  row(record.walker, out);
  if (any_shared_) settle_origins();
  if (any_dropped_) remove_dropped(out);
  if (out.size() == begin) return false;
  out[begin] = '{';
  out += '}';
  return true;
}

void FlatRecords::row(json::ValueWalker walker, std::string& out) {
  if (!walker.at_object()) return;
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    Name& name = names_.of(key);
    if (&name == known_.attributes && walker.at_object()) {
      drop_all(Origin::attribute);
      attributes(walker, out);
    } else if (&name == known_.relationships) {
      if (relationships_replaced_) {
        walker.skip_value();
      } else {
        relationships(walker, out);
      }
    } else if (&name == known_.attributes && walker.peek() == 'n') {
      walker.skip_value();
    } else {
      begin_member(name, Origin::row, out);
      value(walker, out, 1);
    }
  }
}

// The tap removes `attributes` and `relationships` from the record once they have been lifted, so attributes of these
// names have gone by then, the second in the place of the row's own.
void FlatRecords::attributes(json::ValueWalker& walker, std::string& out) {
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    Name& name = names_.of(key);
    if (&name == known_.attributes) {
      walker.skip_value();
    } else if (&name == known_.relationships) {
      relationships_replaced_ = true;
      relationships(walker, out);
    } else {
      begin_member(name, Origin::attribute, out);
      value(walker, out, 1);
    }
  }
}

void FlatRecords::relationships(json::ValueWalker& walker, std::string& out) {
  drop_all(Origin::relationship);
  if (!walker.at_object()) {
    walker.skip_value();
    return;
  }
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) relationship(names_.of(key), walker, out);
}

void FlatRecords::relationship(Name& name, json::ValueWalker& walker, std::string& out) {
  Name& lifted = &name == known_.sla ? *known_.sla_data : name;
  bool has_data = false;
  if (walker.at_object()) {
    walker.enter_object();
    std::string_view key;
    while (walker.next_member(key)) {
      if (&names_.of(key) != known_.data) {
        walker.skip_value();
        continue;
      }
      has_data = true;
      begin_member(lifted, Origin::relationship, out);
      value(walker, out, 1);
    }
  } else {
    walker.skip_value();
  }
  if (!has_data && drop(lifted, Origin::relationship)) report(lifted);
}

void FlatRecords::begin_member(Name& name, Origin origin, std::string& out) {
  if (name.stamps[0] == record_) {
    if (drop(name, origin)) report(name);
    any_shared_ = true;
  }
  name.stamps[0] = record_;
  members_.push_back({&name, out.size(), origin, false});
  out += name.written;
}

bool FlatRecords::drop(const Name& name, Origin origin) {
  if (name.stamps[0] != record_) return false;
  for (auto member = members_.rbegin(); member != members_.rend(); ++member) {
    if (member->name != &name || member->origin != origin || member->dead) continue;
    member->dead = true;
    any_dropped_ = true;
    return true;
  }
  return false;
}

void FlatRecords::drop_all(Origin origin) {
  for (auto& member : members_) {
    if (member.origin != origin || member.dead) continue;
    member.dead = true;
    any_dropped_ = true;
  }
}

void FlatRecords::settle_origins() {
  for (auto& member : members_) {
    if (member.dead) continue;
    const auto displaces = [&](const Member& other) {
      return other.name == member.name && !other.dead && other.origin > member.origin;
    };
    if (std::none_of(members_.begin(), members_.end(), displaces)) continue;
    member.dead = true;
    any_dropped_ = true;
    report(*member.name);
  }
}

void FlatRecords::remove_dropped(std::string& out) {
  std::size_t to = members_.front().begin;
  for (std::size_t at = 0; at < members_.size(); ++at) {
    const std::size_t begin = members_[at].begin;
    const std::size_t end = at + 1 < members_.size() ? members_[at + 1].begin : out.size();
    if (members_[at].dead) continue;
    std::copy(out.begin() + static_cast<std::ptrdiff_t>(begin), out.begin() + static_cast<std::ptrdiff_t>(end),
              out.begin() + static_cast<std::ptrdiff_t>(to));
    to += end - begin;
  }
  out.resize(to);
}

void FlatRecords::value(json::ValueWalker& walker, std::string& out, std::size_t depth) {
  if (walker.at_object()) {
    object(walker, out, depth);
  } else if (walker.at_array()) {
    array(walker, out, depth);
  } else {
    out += walker.skip_value();
  }
}

void FlatRecords::object(json::ValueWalker& walker, std::string& out, std::size_t depth) {
  const std::size_t begin = out.size();
  const std::size_t first_member = members_.size();
  const std::uint32_t serial = ++serial_;
  walker.enter_object();
  std::string_view key;
  while (walker.next_member(key)) {
    Name& name = names_.of(key);
    if (depth >= KeyNames::kStampedDepths) {
      displace(first_member, name, out);
    } else {
      if (name.stamps[depth] == serial) displace(first_member, name, out);
      name.stamps[depth] = serial;
    }
    members_.push_back({&name, out.size(), Origin::row, false});
    out += name.written;
    value(walker, out, depth + 1);
  }
  members_.resize(first_member);
  if (out.size() == begin) {
    out += "{}";
    return;
  }
  out[begin] = '{';  // in place of the first member's comma
  out += '}';
}

void FlatRecords::array(json::ValueWalker& walker, std::string& out, std::size_t depth) {
  walker.enter_array();
  out += '[';
  bool first = true;
  while (walker.next_element()) {
    if (!first) out += ',';
    first = false;
    value(walker, out, depth);
  }
  out += ']';
}

// Takes an earlier member of that name out of the object that is being written.
void FlatRecords::displace(std::size_t first_member, const Name& name, std::string& out) {
  for (std::size_t at = first_member; at < members_.size(); ++at) {
    if (members_[at].name != &name) continue;
    const std::size_t begin = members_[at].begin;
    const std::size_t end = at + 1 < members_.size() ? members_[at + 1].begin : out.size();
    out.erase(begin, end - begin);
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(at));
    for (std::size_t later = at; later < members_.size(); ++later) members_[later].begin -= end - begin;
    report(name);
    return;
  }
}

void FlatRecords::report(const Name& name) {
  if (drift_ != nullptr) drift_->collided(name.text);
}

}  // namespace engagement::kustomer
