// tercet-cli tune: finds the fastest thread count and batch size for a model and keeps them for all other commands.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/commands.h"
#include "app/cli/engine_options.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_writer.h"

namespace tercet::cli {
namespace {

void write_points(JsonWriter& json, std::string_view name, std::string_view place, const std::vector<SpeedPoint>& points) {
  json.key(name).begin_array();
  for (const SpeedPoint& point : points) {
    json.begin_object().member(place, point.at).member("tokens_per_s", point.tokens_per_s).end_object();
  }
  json.end_array();
}

std::string as_json(const Tuning& tuning, const Model& model, const std::string& stored) {
  JsonWriter json;
  json.begin_object().member("threads", tuning.threads).member("batch", tuning.batch);
  write_points(json, "writing_by_threads", "threads", tuning.writing_by_threads);
  write_points(json, "reading_by_threads", "threads", tuning.reading_by_threads);
  write_points(json, "reading_by_batch", "batch", tuning.reading_by_batch);
  json.member("isa", model.info().isa).member("logical_threads", tuning.logical).member("seconds", tuning.seconds).member("busy", tuning.busy);
  json.key("stored_in");
  stored.empty() ? json.null() : json.value(stored);
  return json.end_object().text() + "\n";
}

/// One line for each point: the place, the speed, a bar of at most 40 signs, and which was chosen, with `mark`.
std::string as_chart(std::string_view title, std::string_view place, const std::vector<SpeedPoint>& points, std::uint32_t chosen, const char* mark) {
  if (points.empty()) return {};
  char line[160];
  std::snprintf(line, sizeof line, "\n%.*s\n%10.*s   tokens/s\n", static_cast<int>(title.size()), title.data(),
                static_cast<int>(place.size()), place.data());
  std::string text = line;
  double most = 0;
  for (const SpeedPoint& point : points) most = std::max(most, point.tokens_per_s);
  for (const SpeedPoint& point : points) {
    const auto length = static_cast<std::size_t>(std::lround(40 * point.tokens_per_s / most));
    std::snprintf(line, sizeof line, "%10u %10.2f  ", point.at, point.tokens_per_s);
    text.append(line).append(std::max<std::size_t>(length, 1), '#').append(point.at == chosen ? mark : "").append("\n");
  }
  return text;
}

std::string as_report(const Tuning& tuning, const Model& model, const std::string& stored) {
  const auto threads = static_cast<std::uint32_t>(tuning.threads);
  char line[200];
  std::snprintf(line, sizeof line, "Measured for %.1f seconds with kernels %s; %d thread%s allowed here.\n", tuning.seconds,
                model.info().isa.c_str(), tuning.logical, tuning.logical == 1 ? " is" : "s are");
  std::string text = line;
  const char* const mark = tuning.busy ? "  <- for now" : "  <- fastest";
  text += as_chart("Writing", "threads", tuning.writing_by_threads, threads, mark);
  text += as_chart("Reading", "threads", tuning.reading_by_threads, threads, mark);
  std::snprintf(line, sizeof line, "Reading, %d thread%s", tuning.threads, tuning.threads == 1 ? "" : "s");
  text += as_chart(line, "batch", tuning.reading_by_batch, tuning.batch, mark);
  std::snprintf(line, sizeof line, "\n%s: --threads %d --batch %u", tuning.busy ? "For now" : "Fastest", tuning.threads, tuning.batch);
  text += line;
  const auto& batches = tuning.reading_by_batch;
  if (!tuning.busy && std::none_of(batches.begin(), batches.end(), [&](const SpeedPoint& point) { return point.at == tuning.batch; })) {
    text += " (the usual batch: there was no time to find a better one)";
  }
  if (tuning.busy) {
    text += "\nThe computer was busy: other programs took a good part of the processor, so these may not be the fastest settings.\n"
            "Measure again when those are done.";
  }
  text += stored.empty() ? "\nNothing was stored.\n" : "\nFrom now on this is Auto for this model and machine; stored in " + without_controls(stored) + "\n";
  return text;
}

/// Overwrites one line of the terminal with how far the measurement is.
class MeasuringLine {
 public:
  explicit MeasuringLine(bool shown) : shown_(shown) {}
  void show(double fraction) {
    if (!shown_) return;
    std::fprintf(stderr, "\r\033[KMeasuring %d %%", static_cast<int>(fraction * 100));
    std::fflush(stderr);
  }
  void clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }

 private:
  bool shown_;
};

}  // namespace

ExitCode run_tune(Arguments& arguments) {
  const std::string path = arguments.operand("MODEL");
  EngineOptions options;
  options.isa = read_isa(arguments);
  const TuningStore store = tuning_store(arguments);
  TuningLimits limits;
  limits.cpu = cpu_topology();
  limits.budget_s = static_cast<double>(arguments.whole("--seconds", 1, 600, 30));
  if (!arguments.problem().empty()) return fail_usage(arguments.problem(), "tune");
  if (const Result<void> usable = check_isa(options); !usable) return fail(usable.error());

  Interrupt interrupt;
  StopOnInterrupt stop(interrupt);
  ThreadPool pool(limits.cpu.recommended);
  const auto model = load_model(path, {.isa = options.isa}, pool, stop.token());
  if (!model) return fail(model.error());
  // The file it was read from; afterwards another one may lie in its place.
  const TuningKey key = {.model = model_identity(model_source(path)), .machine = machine_identity((*model)->info().isa)};

  MeasuringLine line(errors_are_terminal());
  const auto tuning = find_fastest(*model, limits, [&line](double fraction, const Tuning&) { line.show(fraction); }, stop.token());
  line.clear();
  if (!tuning) return fail(tuning.error());

  std::error_code failed;
  const bool save = !arguments.has("--no-save");
  if (save) failed = store.put(key, (*model)->info().name, *tuning);
  const std::string stored = save && !failed ? store.file() : std::string();
  write_out(arguments.has("--json") ? as_json(*tuning, **model, stored) : as_report(*tuning, **model, stored));
  const ExitCode ended = finish_output();
  return failed ? fail_output("'" + store.file() + "'", failed.message()) : ended;
}

}  // namespace tercet::cli
