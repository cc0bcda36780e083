// The contract's structs as bytes: one list of fields for each, for both directions. Internal to
// the plugin room.
//
// A struct that was unpacked points into its Unpacker, which must outlive it. Unpacking never reads
// behind the end; whole() tells whether everything was there, and nothing else.
#pragma once

#include <relance/channel.h>
#include <relance/connector.h>
#include <relance/conversation.h>
#include <relance/generate.h>
#include <relance/inbound.h>
#include <relance/policy.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace relance::isolation {

class Packer {
 public:
  template <class Number>
  void number(Number value) {
    raw(&value, sizeof value);
  }
  void raw(const void* bytes, size_t count) {
    bytes_.append(static_cast<const char*>(bytes), count);
  }
  void text(rl_str text) {
    number(static_cast<uint64_t>(text.len));
    if (text.len > 0) raw(text.ptr, text.len);
  }
  template <class Item, class Each>
  void list(const Item* const& items, uint64_t count, Each each) {
    number(count);
    for (uint64_t i = 0; i < count; ++i) {
      Item item = items[i];
      each(item);
    }
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string bytes) : bytes_(std::move(bytes)), rest_(bytes_) {}
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  template <class Number>
  void number(Number& value) {
    raw(&value, sizeof value);
  }
  void raw(void* bytes, size_t count) {
    if (rest_.size() < count) return broken();
// GCC 12 thinks of the part of a short string's own buffer that nobody wrote: the size above keeps
// us out of it.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    std::memcpy(bytes, rest_.data(), count);
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
    rest_.remove_prefix(count);
  }
  void text(rl_str& text) {
    uint64_t length = 0;
    number(length);
    if (rest_.size() < length) return broken();
    text = {rest_.data(), static_cast<size_t>(length)};
    rest_.remove_prefix(static_cast<size_t>(length));
  }
  template <class Item, class Each>
  void list(const Item*& items, uint64_t& count, Each each) {
    number(count);
    if (count > rest_.size() / sizeof(uint64_t)) return broken();  // an item has a length at least
    const std::shared_ptr<Item[]> made(new Item[static_cast<size_t>(count)]());
    for (uint64_t i = 0; i < count; ++i) each(made[i]);
    items = made.get();
    kept_.push_back(made);
  }
  // Keeps it as long as this lives.
  void keep(std::shared_ptr<void> kept) { kept_.push_back(std::move(kept)); }
  bool whole() const { return !broken_ && rest_.empty(); }

 private:
  void broken() {
    broken_ = true;
    rest_ = {};
  }

  std::string bytes_;
  std::string_view rest_;
  bool broken_ = false;
  std::vector<std::shared_ptr<void>> kept_;
};

template <class Io>
void texts(Io& io, const rl_str*& items, size_t& count) {
  uint64_t wide = count;
  io.list(items, wide, [&](rl_str& text) { io.text(text); });
  count = static_cast<size_t>(wide);
}
template <class Io>
void headers(Io& io, const rl_header*& items, size_t& count) {
  uint64_t wide = count;
  io.list(items, wide, [&](rl_header& header) { io.text(header.name), io.text(header.value); });
  count = static_cast<size_t>(wide);
}

template <class Io>
void fields(Io& io, rl_cost& c) {
  io.number(c.micro), io.raw(c.currency, sizeof c.currency), io.number(c.quality);
}
template <class Io>
void fields(Io& io, rl_result& r) {
  r.struct_size = sizeof r;
  io.number(r.status), io.text(r.word), io.text(r.reason), io.text(r.data);
  texts(io, r.refs, r.refs_count);
  fields(io, r.cost), io.number(r.again_at), io.number(r.again_scope);
}
template <class Io>
void fields(Io& io, rl_http& h) {
  h.struct_size = sizeof h;
  io.number(h.flags), io.text(h.method), io.text(h.url);
  headers(io, h.headers, h.headers_count);
  io.text(h.body), io.text(h.secret), io.text(h.auth_name);
  io.number(h.auth), io.number(h.timeout_ms);
}
template <class Io>
void fields(Io& io, rl_mail& m) {
  m.struct_size = sizeof m;
  io.number(m.flags), io.text(m.url), io.text(m.from);
  texts(io, m.to, m.to_count);
  io.text(m.message), io.text(m.user), io.text(m.secret), io.number(m.timeout_ms);
}
template <class Io>
void fields(Io& io, rl_reply& r) {
  r.struct_size = sizeof r;
  io.number(r.wire), io.number(r.status);
  headers(io, r.headers, r.headers_count);
  io.text(r.body), io.text(r.problem);
}
template <class Io>
void fields(Io& io, rl_event& e) {
  e.struct_size = sizeof e;
  io.number(e.kind), io.text(e.id), io.number(e.at), io.raw(e.key.bytes, sizeof e.key.bytes);
  io.text(e.ref), io.text(e.address), io.text(e.subject), io.text(e.word), io.text(e.type);
  io.text(e.data), fields(io, e.cost);
}
template <class Io>
void fields(Io& io, rl_request& r) {
  r.struct_size = sizeof r;
  io.text(r.method), io.text(r.path), io.text(r.query), io.text(r.url);
  headers(io, r.headers, r.headers_count);
  io.text(r.body), io.raw(r.key.bytes, sizeof r.key.bytes);
}
template <class Io>
void fields(Io& io, rl_answer& a) {
  a.struct_size = sizeof a;
  io.number(a.status), io.text(a.content_type), io.text(a.body);
}
template <class Io>
void fields(Io& io, rl_do& d) {
  d.struct_size = sizeof d;
  io.number(d.kind), io.number(d.call), io.number(d.turn), io.number(d.listen_ms);
  io.text(d.text), io.text(d.language);
  texts(io, d.expect, d.expect_count);
  io.text(d.data);
}
template <class Io>
void fields(Io& io, rl_heard& h) {
  h.struct_size = sizeof h;
  io.number(h.kind), io.number(h.call), io.number(h.turn), io.text(h.text), io.text(h.word);
  io.text(h.data), io.number(h.at), io.number(h.answer_by);
}
template <class Io>
void fields(Io& io, rl_read& r) {
  r.struct_size = sizeof r;
  io.number(r.limit), io.text(r.what), io.text(r.by), io.text(r.value);
  texts(io, r.need, r.need_count);
  io.text(r.query), io.text(r.cursor);
}
template <class Io>
void fields(Io& io, rl_write& w) {
  w.struct_size = sizeof w;
  io.number(w.try_no), io.raw(w.key.bytes, sizeof w.key.bytes), io.text(w.key_text);
  io.text(w.operation), io.text(w.customer), io.text(w.data), io.text(w.only_if);
  io.number(w.intended_at);
}
template <class Io>
void fields(Io& io, rl_question& q) {
  q.struct_size = sizeof q;
  io.number(q.kind), io.text(q.text), io.text(q.language);
  texts(io, q.expect, q.expect_count);
  io.number(q.expect_own), io.number(q.answer_ms), io.text(q.input);
}
template <class Io>
void fields(Io& io, rl_policy_in& p) {
  p.struct_size = sizeof p;
  io.number(p.kind), io.text(p.json);
}
template <class Io>
void fields(Io& io, rl_part& p) {
  p.struct_size = sizeof p;
  io.text(p.role), io.text(p.content_type), io.text(p.file_name), io.text(p.bytes);
}
// The fields behind the parts, which are pointers to pointers.
template <class Io>
void touch_fields(Io& io, rl_touch& t) {
  t.struct_size = sizeof t;
  io.number(t.flags), io.raw(t.key.bytes, sizeof t.key.bytes), io.text(t.key_text);
  io.number(t.try_no), io.text(t.channel), io.text(t.customer), io.text(t.address);
  io.text(t.locale), io.text(t.purpose), io.text(t.data), io.text(t.history);
  io.text(t.callback_url), io.number(t.intended_at), io.number(t.not_after);
}
inline void fields(Packer& io, rl_touch& t) {
  touch_fields(io, t);
  io.number(t.parts_count);
  for (uint32_t i = 0; i < t.parts_count; ++i) {
    rl_part part = *t.parts[i];
    fields(io, part);
  }
}
inline void fields(Unpacker& io, rl_touch& t) {
  touch_fields(io, t);
  uint32_t count = 0;
  struct Made {
    std::vector<rl_part> parts;
    std::vector<const rl_part*> pointers;
  };
  io.number(count);
  const auto made = std::make_shared<Made>();
  for (uint32_t i = 0; i < count && i < 1024; ++i) fields(io, made->parts.emplace_back());
  for (const rl_part& part : made->parts) made->pointers.push_back(&part);
  t.parts = made->pointers.data();
  t.parts_count = static_cast<uint32_t>(made->pointers.size());
  io.keep(made);
}

template <class Struct>
void pack(Packer& packer, const Struct& what) {
  Struct copy = what;
  fields(packer, copy);
}

}  // namespace relance::isolation
