#include "quantize/calibrate.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <mutex>

#include "quantize/calibration_file.h"
#include "quantize/fingerprint.h"
#include "quantize/row_spool.h"

namespace toucanet {
namespace {
using Clock = std::chrono::steady_clock;
using Sample = std::vector<Tensor>;

std::string folder_of_file(const std::string& path) {
  const size_t slash = path.rfind('/');
  return path.empty() ? "" : slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// Batches are handed out in order and each one handed out is finished, so that what was done is always a beginning.
class Calibration {
  const Module& module_;
  SampleSource& source_;
  const CalibrateOptions& options_;
  std::vector<std::unique_ptr<Observer>> observers_;
  std::unique_ptr<RowSpool> spool_;
  Observations before_;                    // of the file that was there
  uint64_t begin_ = 0, end_ = UINT64_MAX;  // samples of this shard
  uint64_t start_ = 0;                     // the first that is not in before_

  std::mutex mutex_;  // of all below, and of sources in order
  uint64_t next_ = 0, done_ = 0;
  bool at_end_ = false, stopped_ = false;
  Clock::time_point deadline_;
  std::pair<uint64_t, Diags> failed_{UINT64_MAX, {}};  // the first sample that failed

 public:
  Calibration(const Module& m, SampleSource& s, const CalibrateOptions& o) : module_(m), source_(s), options_(o) {}

  Expected<Calibrated> run() {
    CHECK_OK(take_shard());
    for (size_t i = 0; i < std::max<size_t>(1, options_.threads); ++i)
      observers_.push_back(std::make_unique<Observer>(module_, Observer::Options{options_.batch, options_.channels, 1, source_.graphs(), options_.customs}));
    CHECK_OK(observers_[0]->prepare());
    CHECK_OK(resume());
    TRY(spool_, RowSpool::create(folder_of_file(options_.path), observed_values(module_).size()));
    next_ = start_;
    report();
    while (!finished()) {
      deadline_ = Clock::now() + std::chrono::milliseconds(static_cast<int64_t>(options_.checkpoint_seconds * 1e3));
      CHECK_OK(round());
      if (options_.path.empty() || finished()) continue;
      TRY(const Observations now, result());
      CHECK_OK(write_calibration(options_.path, now));
    }
    TRY(Observations all, result());
    if (all.samples == 0 && !stopped_) return diag("TN7008", "there are no samples").note("give at least one");
    if (!options_.path.empty() && all.samples) CHECK_OK(write_calibration(options_.path, all));
    return Calibrated{std::move(all), start_ - begin_, stopped_};
  }

 private:
  bool finished() const { return at_end_ || stopped_ || next_ >= end_; }

  Status take_shard() {
    if (has_state(module_) && (options_.threads > 1 || options_.shards > 1 || options_.batch > 1))
      return diag("TN7009", "the model writes variables: a sample depends on those before it").note("give one thread, no shards, and batches of one");
    const auto size = source_.size();
    if (size && !*size) return diag("TN7008", "there are no samples").note("give at least one");
    if (!size && options_.shards > 1)
      return diag("TN7009", "the number of samples is not known: no shard of them can be taken").note("give an array or a folder");
    if (!size) return ok();
    const uint64_t batches = (*size + options_.batch - 1) / options_.batch;
    const auto part = [&](uint64_t i) {
      return std::min(*size, batches / options_.shards * i * options_.batch + batches % options_.shards * i / options_.shards * options_.batch);
    };
    begin_ = part(options_.shard - 1), end_ = part(options_.shard);
    if (begin_ < end_) return ok();
    return diag("TN7009", "{} samples in batches of {} make no {} shards", *size, options_.batch, options_.shards).note("give fewer shards or smaller batches");
  }

  Status resume() {
    start_ = begin_;
    if (options_.path.empty() || access(options_.path.c_str(), F_OK) != 0) return ok();
    const std::string next = fmt::format("'{}' is there already: remove it, or choose another name", options_.path);
    auto there = read_calibration(options_.path);
    if (!there) {
      there.error()[0].notes = {next};
      return there.error();
    }
    before_ = std::move(*there);
    TRY(Observations probe, observers_[0]->seen());
    about(probe);
    Diags problems = before_.differences(probe);
    const bool beginning = before_.covered.size() == 1 && before_.covered[0].first == begin_ && before_.covered[0].second <= end_;
    if (problems.empty() && !beginning) problems.push_back(diag("TN7006", "'{}' holds other samples than these", options_.path));
    for (Diag& d : problems) d.notes = {next};
    if (!problems.empty()) return problems;
    start_ = before_.covered[0].second;
    if (has_state(module_) && start_ < end_) start_ = begin_, before_ = {};
    return ok();
  }

  void about(Observations& o) const {
    o.source.data = source_.description();
    o.source.size = source_.size();
    o.source.model = options_.model;
  }

  Status round() {
    std::vector<std::jthread> others;
    for (size_t i = 1; i < observers_.size(); ++i) others.emplace_back([this, i] { work(*observers_[i], false); });
    work(*observers_[0], true);
    for (auto& t : others) t.join();
    if (failed_.first != UINT64_MAX) return failed_.second;
    return ok();
  }

  void work(Observer& observer, bool reports) {
    std::vector<Extremes> rows(options_.batch * spool_->columns());
    for (;;) {
      uint64_t first = 0;
      Expected<std::vector<Sample>> samples = std::vector<Sample>{};
      {
        std::lock_guard lock(mutex_);
        if (finished() || failed_.first != UINT64_MAX || Clock::now() > deadline_) return;
        first = next_;
        next_ = std::min(end_, first + options_.batch);
        if (source_.in_order()) samples = take(first, next_);
        if (!samples || samples->size() < next_ - first) at_end_ = source_.in_order();
      }
      if (!source_.in_order()) samples = take(first, std::min(end_, first + options_.batch));
      if (samples && samples->empty()) return;
      Status s = samples ? ok() : Status(samples.error());
      if (s) s = observer.add(first, *samples, rows, source_.graph(first));
      if (s) s = spool_->put(first - start_, std::span(rows).first(samples->size() * spool_->columns()));
      std::lock_guard lock(mutex_);
      if (s) done_ += samples->size();
      else if (first < failed_.first) failed_ = {first, s.error()};
      if (reports) report();
    }
  }

  Expected<std::vector<Sample>> take(uint64_t first, uint64_t last) {
    std::vector<Sample> samples;
    for (uint64_t i = first; i < last; ++i) {
      TRY(auto one, source_.sample(i));
      if (!one && source_.size()) return diag("TN7002", "there are only {} samples, {} were announced", i, *source_.size());
      if (!one) break;
      samples.push_back(std::move(*one));
    }
    return samples;
  }

  void report() {
    if (options_.progress && !options_.progress(start_ - begin_ + done_, source_.size() ? end_ - begin_ : 0)) stopped_ = true;
  }

  Expected<Observations> result() {
    Observations all = before_;
    for (const auto& o : observers_) {
      TRY(const Observations seen, o->seen());
      all.merge_tensors(seen);
      all.names = seen.names;
      if (!seen.source.kernels.empty()) all.source = seen.source;
    }
    about(all);
    if (at_end_ && !all.source.size) all.source.size = start_ + done_;
    all.samples = before_.samples + done_;
    all.covered.clear();
    if (all.samples) all.covered = {{begin_, begin_ + all.samples}};
    auto rows = std::make_shared<std::vector<SampleRows>>();
    if (before_.rows) *rows = *before_.rows;
    if (done_) {
      TRY(SampleRows added, spool_->map(start_, done_));
      rows->push_back(std::move(added));
    }
    all.set_rows(std::move(rows));
    return all;
  }
};

}  // namespace

Expected<Calibrated> calibrate(const Module& m, SampleSource& source, const CalibrateOptions& options) { return Calibration(m, source, options).run(); }

}  // namespace toucanet
