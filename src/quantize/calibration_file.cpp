#include "quantize/calibration_file.h"

#include <cmath>
#include <set>

#include "export/output_file.h"
#include "quantize/fingerprint.h"

namespace toucanet {
namespace {

constexpr std::string_view magic = "TOUCALIB";
constexpr uint32_t format = 1;
constexpr size_t header_bytes = 64;

// Fixed at the beginning of the file; all numbers are little-endian.
struct FileHeader {
  char magic[8];
  uint32_t format, reserved;
  uint64_t facts_bytes;                                  // behind the header, a multiple of 8
  uint64_t rows;                                         // behind the facts, of `columns` pairs of floats
  uint64_t columns, facts_hash, rows_hash, header_hash;  // ContentHash of all before it
};
static_assert(sizeof(FileHeader) == header_bytes);

class FactsWriter {
  std::string& to_;

 public:
  explicit FactsWriter(std::string& to) : to_(to) {}
  template <class T>
  void number(T v) {
    to_.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  void text(std::string_view s) { number(static_cast<uint32_t>(s.size())), to_ += s; }
  void extremes(Extremes e) { number(e.low), number(e.high); }
  void side(const Histogram::Side& s) {
    number(s.first), number(static_cast<uint32_t>(s.counts.size()));
    to_.append(reinterpret_cast<const char*>(s.counts.data()), s.counts.size() * sizeof(uint64_t));
  }
};

std::string facts_of(const Observations& o) {
  std::string facts;
  FactsWriter w(facts);
  w.number(o.source.fingerprint);
  w.text(o.source.model), w.text(o.source.producer), w.text(o.source.kernels), w.text(o.source.data);
  w.number(o.source.batch);
  w.number(o.source.size.value_or(UINT64_MAX));
  w.number(static_cast<uint32_t>(o.source.channels));
  w.number(static_cast<uint32_t>(o.covered.size()));
  for (const auto& [first, last] : o.covered) w.number(first), w.number(last);
  w.number(static_cast<uint32_t>(o.names.size()));
  for (const auto& name : o.names) {
    w.text(name);
    const auto at = o.tensors.find(name);
    const Observation none, &t = at == o.tensors.end() ? none : at->second;
    w.extremes(t.extremes);
    w.number(t.histogram.zeros);
    w.side(t.histogram.negative), w.side(t.histogram.positive);
    w.number(static_cast<uint32_t>(t.channels.size()));
    for (const Extremes& e : t.channels) w.extremes(e);
  }
  facts.resize((facts.size() + 7) / 8 * 8, '\0');
  return facts;
}

// Takes numbers from the facts; once something does not fit, all is nothing.
class FactsReader {
  std::string_view s_;
  bool good_ = true;

 public:
  explicit FactsReader(std::string_view s) : s_(s) {}
  bool good() const { return good_; }
  void fail() { good_ = false, s_ = {}; }
  size_t left() const { return s_.size(); }
  template <class T>
  T number() {
    T v{};
    if (s_.size() < sizeof v) return fail(), v;
    std::memcpy(&v, s_.data(), sizeof v);
    s_.remove_prefix(sizeof v);
    return v;
  }
  std::string text() {
    const auto n = number<uint32_t>();
    if (n > s_.size()) return fail(), std::string{};
    std::string t(s_.substr(0, n));
    s_.remove_prefix(n);
    return t;
  }
  // How many things of so many bytes follow.
  uint32_t count(size_t bytes) {
    const auto n = number<uint32_t>();
    if (n > s_.size() / bytes) return fail(), 0u;
    return n;
  }
  Extremes extremes() {
    Extremes e;
    e.low = number<float>(), e.high = number<float>();
    return e;
  }
  Histogram::Side side() {
    Histogram::Side s;
    s.first = number<uint32_t>();
    s.counts.resize(count(sizeof(uint64_t)));
    for (auto& n : s.counts) n = number<uint64_t>();
    const bool trimmed = s.counts.empty() ? s.first == 0 : s.first > 0 && s.counts.front() && s.counts.back();
    if (!trimmed || s.first + s.counts.size() > Histogram::steps) fail();
    return s;
  }
};

bool sound(const Extremes& e) { return (std::isfinite(e.low) && std::isfinite(e.high) && e.low <= e.high) || e == Extremes{}; }

// The histogram lies between the extremes.
bool agree(const Observation& t) {
  const auto side = [](const Histogram::Side& s, float end) { return s.counts.empty() || (end > 0 && s.first + s.counts.size() <= histogram_step(end) + 1); };
  return side(t.histogram.negative, -t.extremes.low) && side(t.histogram.positive, t.extremes.high);
}

void read_tensors(FactsReader& r, Observations& o) {
  std::set<std::string> taken;
  const uint32_t n = r.count(4 + 8 + 8 + 8 + 8 + 4);
  for (uint32_t c = 0; c < n && r.good(); ++c) {
    Observation t;
    t.column = c;
    o.names.push_back(r.text());
    t.extremes = r.extremes();
    t.histogram.zeros = r.number<uint64_t>();
    t.histogram.negative = r.side();
    t.histogram.positive = r.side();
    t.channels.resize(r.count(8));
    for (Extremes& e : t.channels)
      if (e = r.extremes(); !sound(e)) r.fail();
    if (!sound(t.extremes) || !taken.insert(o.names.back()).second) return r.fail();
    const bool none = t.extremes.empty();
    if (none ? t.histogram != Histogram{} || !t.channels.empty() : !agree(t)) return r.fail();
    if (!none) o.tensors.emplace(o.names.back(), std::move(t));
  }
}

bool read_facts(std::string_view facts, Observations& o) {
  FactsReader r(facts);
  o.source.fingerprint = r.number<uint64_t>();
  o.source.model = r.text(), o.source.producer = r.text(), o.source.kernels = r.text(), o.source.data = r.text();
  o.source.batch = r.number<uint64_t>();
  if (const auto size = r.number<uint64_t>(); size != UINT64_MAX) o.source.size = size;
  const auto channels = r.number<uint32_t>();
  o.source.channels = channels == 1;
  const uint32_t parts = r.count(16);
  uint64_t end = 0;
  for (uint32_t i = 0; i < parts && r.good(); ++i) {
    const auto first = r.number<uint64_t>(), last = r.number<uint64_t>();
    if (first >= last || (i ? first <= end : false) || (o.source.size && last > *o.source.size)) r.fail();
    o.covered.emplace_back(first, end = last);
    o.samples += last - first;
  }
  read_tensors(r, o);
  return r.good() && channels < 2 && o.source.batch > 0 && r.left() < 8;
}

}  // namespace

Status write_calibration(const std::string& path, const Observations& o) {
  const std::string facts = facts_of(o);
  FileHeader h{{}, format, 0, facts.size(), o.samples, o.names.size(), 0, 0, 0};
  std::memcpy(h.magic, magic.data(), magic.size());
  ContentHash facts_hash, rows_hash, header_hash;
  facts_hash.words(facts.data(), facts.size());
  const auto each_part = [&](auto&& f) {
    if (o.rows)
      for (const SampleRows& part : *o.rows) f(part.rows, part.count * o.names.size() * sizeof(Extremes));
  };
  each_part([&](const Extremes* p, size_t n) { rows_hash.words(p, n); });
  h.facts_hash = facts_hash.value(), h.rows_hash = rows_hash.value();
  header_hash.words(&h, offsetof(FileHeader, header_hash));
  h.header_hash = header_hash.value();
  TRY(auto out, OutputFile::create(path));
  out->write(&h, sizeof h);
  out->write(facts.data(), facts.size());
  each_part([&](const Extremes* p, size_t n) { out->write(p, n); });
  return out->commit();
}

Expected<Observations> parse_calibration(std::string_view bytes, std::shared_ptr<const void> owner, const std::string& what) {
  const auto damaged = [&](std::string_view how) {
    return diag("TN7005", "'{}' is no .calib file: {}", what, how).note("make it anew with toucanet calibrate");
  };
  FileHeader h;
  if (!bytes.starts_with(magic)) return damaged("it does not begin as one");
  if (bytes.size() < sizeof h) return damaged("it is cut short");
  std::memcpy(&h, bytes.data(), sizeof h);
  if (h.format != format) return damaged(fmt::format("its format is {}, this program reads {}", h.format, format));
  ContentHash header_hash, facts_hash, rows_hash;
  header_hash.words(&h, offsetof(FileHeader, header_hash));
  if (header_hash.value() != h.header_hash || h.reserved) return damaged("its header is damaged");
  const size_t behind = bytes.size() - sizeof h;
  if (h.facts_bytes > behind || h.facts_bytes % 8) return damaged("it is cut short");
  const auto facts = bytes.substr(sizeof h, h.facts_bytes), rows = bytes.substr(sizeof h + h.facts_bytes);
  const uint64_t columns_limit = rows.size() / sizeof(Extremes);
  if (h.columns && h.rows > columns_limit / h.columns) return damaged("it is cut short");
  if (h.rows * h.columns * sizeof(Extremes) != rows.size()) return damaged("it has more bytes than it should");
  facts_hash.words(facts.data(), facts.size()), rows_hash.words(rows.data(), rows.size());
  if (facts_hash.value() != h.facts_hash || rows_hash.value() != h.rows_hash) return damaged("its bytes were changed");
  Observations o;
  if (!read_facts(facts, o) || o.names.size() != h.columns || o.samples != h.rows) return damaged("what it says does not agree");
  auto parts = std::make_shared<std::vector<SampleRows>>();
  const auto* at = reinterpret_cast<const Extremes*>(rows.data());
  if (!std::all_of(at, at + h.rows * h.columns, sound)) return damaged("what it says does not agree");
  for (const auto& [first, last] : o.covered) {
    parts->push_back({first, last - first, at, owner});
    at += (last - first) * h.columns;
  }
  o.set_rows(std::move(parts));
  return o;
}

Expected<Observations> read_calibration(const std::string& path) {
  TRY(auto file, map_file(path));
  return parse_calibration(file->bytes(), file, path);
}

Status check_model(const Observations& o, const Module& m) {
  if (o.source.fingerprint == fingerprint(m)) return ok();
  return diag("TN7006", "the observations are of another model ('{}')", o.source.model)
      .note("calibrate this model; its operators, shapes and constants count, not its names");
}

}  // namespace toucanet
