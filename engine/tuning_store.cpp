#include "engine/tuning_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <locale>
#include <span>
#include <sstream>
#include <utility>

#include "engine/format/mapped_file.h"

namespace tercet {
namespace {

constexpr std::string_view kFirstLine = "# Tercet: the fastest settings, as measured. One section for each model and computer.";
constexpr std::size_t kMostEntries = 64, kMostPoints = 64;
constexpr std::size_t kMostName = 300, kMostValue = 4096;  // bytes
constexpr std::uintmax_t kMostBytes = 1U << 20;  // a file of ours is far smaller
constexpr int kMostThreads = 4096;
constexpr std::uint32_t kMostBatch = 2048;       // as Session

/// On one line and not too long, so that no name can make a section of its own.
std::string plain(std::string_view text, std::size_t most = kMostName) {
  std::string out(text.substr(0, most));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  const std::size_t first = out.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : out.substr(first, out.find_last_not_of(' ') - first + 1);
}

// Numbers are written and read the same way whatever language the program runs in.
template <typename T>
std::optional<T> to_value(const std::string& text) {
  std::istringstream in(text);
  in.imbue(std::locale::classic());
  T value{};
  if (!(in >> value) || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return value;
}

/// "1:12.5 2:20.1", ascending.
std::optional<std::vector<SpeedPoint>> to_points(const std::string& text) {
  std::vector<SpeedPoint> points;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos || points.size() == kMostPoints) return std::nullopt;
    const auto at = to_value<long>(word.substr(0, colon));
    const auto speed = to_value<double>(word.substr(colon + 1));
    if (!at || !speed || *at < 1 || *at > kMostThreads || !std::isfinite(*speed) || *speed <= 0) return std::nullopt;
    if (!points.empty() && points.back().at >= static_cast<std::uint32_t>(*at)) return std::nullopt;
    points.push_back({static_cast<std::uint32_t>(*at), *speed});
  }
  return points;
}

void write_points(std::ostream& out, const char* name, const std::vector<SpeedPoint>& points) {
  out << name << " =";
  for (std::size_t i = 0; i < std::min(points.size(), kMostPoints); ++i) out << " " << points[i].at << ":" << points[i].tokens_per_s;
  out << "\n";
}

}  // namespace

struct TuningStore::Entry {
  TuningKey key;
  std::string name;
  Tuning tuning;

  /// Takes a line "name = value". False when the value is impossible.
  bool take(const std::string& field, const std::string& value) {
    const auto whole = [&value](auto& target, long most) {
      const auto number = to_value<long>(value);
      if (!number || *number < 1 || *number > most) return false;
      target = static_cast<std::remove_reference_t<decltype(target)>>(*number);
      return true;
    };
    const auto points = [&value](std::vector<SpeedPoint>& target) {
      auto read = to_points(value);
      if (read) target = std::move(*read);
      return read.has_value();
    };
    if (field == "model") return !(key.model = value).empty();
    if (field == "machine") return !(key.machine = value).empty();
    if (field == "name") return (name = value, true);
    if (field == "threads") return whole(tuning.threads, kMostThreads) && (has_threads_ = true);
    if (field == "batch") return whole(tuning.batch, kMostBatch) && (has_batch_ = true);
    if (field == "allowed") return whole(tuning.logical, kMostThreads);
    if (field == "writing_by_threads") return points(tuning.writing_by_threads);
    if (field == "reading_by_threads") return points(tuning.reading_by_threads);
    if (field == "reading_by_batch") return points(tuning.reading_by_batch);
    if (field == "busy") return (tuning.busy = value == "1") || value == "0";
    if (field == "seconds") {
      const auto seconds = to_value<double>(value);
      if (!seconds || !std::isfinite(*seconds) || *seconds < 0) return false;
      tuning.seconds = *seconds;
    }
    return true;  // of a newer version
  }

  bool complete() const { return !key.model.empty() && !key.machine.empty() && has_threads_ && has_batch_ && tuning.logical >= tuning.threads; }

  void write(std::ostream& out) const {
    out << "\n[result]\nmodel = " << key.model << "\nname = " << name << "\nmachine = " << key.machine << "\nthreads = " << tuning.threads
        << "\nallowed = " << tuning.logical << "\nbatch = " << tuning.batch << "\nseconds = " << tuning.seconds << "\n";
    if (tuning.busy) out << "busy = 1\n";
    write_points(out, "writing_by_threads", tuning.writing_by_threads);
    write_points(out, "reading_by_threads", tuning.reading_by_threads);
    write_points(out, "reading_by_batch", tuning.reading_by_batch);
  }

 private:
  bool has_threads_ = false, has_batch_ = false;
};

std::string model_identity(const ModelSource& source) {
  const auto model = MappedFile::open(source);
  if (!model) return {};
  const std::uint64_t size = (*model)->size();
  std::array<std::byte, 16384> piece;
  std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
  for (const std::uint64_t place : {std::uint64_t{0}, size / 2, size - std::min<std::uint64_t>(size, piece.size())}) {
    const auto read = std::span(piece).first(static_cast<std::size_t>(std::min<std::uint64_t>(size - place, piece.size())));
    if (!(*model)->read_at(place, read)) return {};
    for (const std::byte byte : read) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  }
  char text[48];
  std::snprintf(text, sizeof text, "%llu-%016llx", static_cast<unsigned long long>(size), static_cast<unsigned long long>(hash));
  return text;
}

std::string machine_identity(std::string_view isa) {
  // Of the machine, not of this process: what a process may use of it can change from run to run.
  const long count = std::max(1L, ::sysconf(_SC_NPROCESSORS_CONF));
  return plain(cpu_name() + ", " + std::to_string(count) + " threads, " + std::string(isa));
}

bool still_holds(const Tuning& tuning, const CpuTopology& cpu) noexcept {
  return tuning.threads >= 1 && tuning.threads <= cpu.logical && cpu.logical <= tuning.logical;
}

std::vector<TuningStore::Entry> TuningStore::read() const {
  std::vector<Entry> entries;
  std::error_code unknown;
  if (file_.empty() || !std::filesystem::is_regular_file(file_, unknown) || std::filesystem::file_size(file_, unknown) > kMostBytes) return entries;
  std::ifstream file(file_);
  Entry entry;
  bool inside = false, good = true;
  const auto close = [&] {
    if (inside && good && entry.complete()) entries.push_back(std::move(entry));
    entry = {};
    good = true;
  };
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line == "[result]") {
      close();
      inside = true;
    } else if (inside && !line.empty() && line[0] != '#') {
      const std::size_t equals = line.find('=');
      good = good && equals != std::string::npos && entry.take(plain(line.substr(0, equals)), plain(line.substr(equals + 1), kMostValue));
    }
  }
  close();
  return entries;
}

std::optional<Tuning> TuningStore::find(const TuningKey& key) const {
  if (key.model.empty() || key.machine.empty()) return std::nullopt;
  const std::vector<Entry> entries = read();
  const auto found = std::find_if(entries.rbegin(), entries.rend(), [&key](const Entry& entry) { return entry.key == key; });
  return found == entries.rend() ? std::nullopt : std::optional<Tuning>(found->tuning);
}

std::error_code TuningStore::put(const TuningKey& key, std::string_view name, const Tuning& tuning) const {
  if (file_.empty() || key.model.empty() || key.machine.empty()) return std::make_error_code(std::errc::no_such_file_or_directory);
  std::vector<Entry> entries = read();
  std::erase_if(entries, [&key](const Entry& entry) { return entry.key == key; });
  if (entries.size() >= kMostEntries) entries.erase(entries.begin(), entries.end() - static_cast<std::ptrdiff_t>(kMostEntries - 1));
  Entry added;
  added.key = {plain(key.model), plain(key.machine)};
  added.name = plain(name);
  added.tuning = tuning;
  entries.push_back(std::move(added));

  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(10);
  text << kFirstLine << "\n";
  for (const Entry& entry : entries) entry.write(text);
  const std::string bytes = text.str();

  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(file_).parent_path(), failed);
  const auto error = [] { return std::error_code(errno, std::generic_category()); };
  std::string temporary = file_ + ".XXXXXX";
  const int descriptor = ::mkstemp(temporary.data());
  if (descriptor < 0) return error();
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(descriptor, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += static_cast<std::size_t>(count);
  }
  // On the disk before the name: a crash leaves the old file or the new one.
  bool good = written == bytes.size() && ::fsync(descriptor) == 0;
  if (!good) failed = error();
  if (::close(descriptor) != 0 && good) good = (failed = error(), false);
  if (good && std::rename(temporary.c_str(), file_.c_str()) == 0) return {};
  if (good) failed = error();
  ::unlink(temporary.c_str());
  return failed;
}

std::string TuningStore::file_in(const std::string& data_directory) {
  return data_directory.empty() ? std::string() : (std::filesystem::path(data_directory) / "tuning.ini").string();
}

std::string TuningStore::usual_directory() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value != nullptr ? value : "");
  };
  const std::string home = variable("HOME");
#if defined(__APPLE__)
  return home.empty() ? std::string() : home + "/Library/Application Support/tercet";
#else
  const std::string data = variable("XDG_DATA_HOME");
  if (data.starts_with('/')) return data + "/tercet";  // a relative one is to be ignored, says its specification
  return home.empty() ? std::string() : home + "/.local/share/tercet";
#endif
}

}  // namespace tercet
