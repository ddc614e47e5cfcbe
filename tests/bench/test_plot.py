"""The charts of made-up results, and the plan of the measurement."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import measure  # noqa: E402
import plot  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def bench(reading, writing, **more):
    """What one run of bench prints, as far as it is drawn."""
    spread = lambda speed: {"median": speed, "min": 0.9 * speed, "max": 1.05 * speed}
    return {"threads": 2, "isa": "avx2", "prefill_tokens_per_s": spread(reading), "decode_tokens_per_s": spread(writing),
            "prompt_tokens": 128, "generated_tokens": 64, "depth": 0, "batch": 512, **more}


def made_up():
    runs = [("threads", bench(60.0 * n, 10.0 * n ** 0.5, threads=n)) for n in (3, 1, 2)]
    runs += [("context", bench(110 - depth / 100, 20 - depth / 1000, depth=depth)) for depth in (0, 512, 3900)]
    runs += [("batch", bench(20.0 * batch ** 0.3, 1, batch=batch, prompt_tokens=min(1024, 64 * batch))) for batch in (1, 2, 64, 1024)]
    return {"cpu": "Made-up <CPU> & Sons", "model": "a&b.gguf", "date": "2024-05-06T07:08:09+00:00", "repetitions": 3,
            "runs": [{"chart": chart, "bench": run} for chart, run in runs]}


def parts(root, tag, kind=None):
    return [part for part in root.iter(SVG + tag) if kind is None or part.get("class") == kind]


def words(root):
    return [part.text for part in parts(root, "text")]


class PlotTest(unittest.TestCase):
    def drawn(self, results):
        return {name: xml.fromstring(plot.draw(chart)) for name, chart in plot.charts(results).items()}

    def test_every_point_and_every_series_is_drawn(self):
        expected = {"threads.svg": {"Reading": 3, "Writing": 3}, "context.svg": {"Reading": 3, "Writing": 3}, "batch.svg": {"Reading": 4}}
        roots = self.drawn(made_up())
        self.assertEqual(set(roots), set(expected))
        for name, root in roots.items():
            counts = {group.get("aria-label"): (len(parts(group, "circle", "point")), len(parts(group, "path", "whisker")))
                      for group in parts(root, "g", "series")}
            self.assertEqual(counts, {series: (count, count) for series, count in expected[name].items()}, name)
            for series in expected[name]:
                self.assertIn(series, words(root))  # in the legend
                self.assertIn(series + ", tokens/s", words(root))  # at its axis
            self.assertIn("Made-up <CPU> & Sons · a&b.gguf · 2024-05-06", words(root))

    def test_only_threads_have_an_ideal_line(self):
        counts = {name: len(parts(root, "line", "ideal")) for name, root in self.drawn(made_up()).items()}
        self.assertEqual(counts, {"threads.svg": 2, "context.svg": 0, "batch.svg": 0})

    def test_points_ascend_and_stay_inside_the_picture(self):
        for name, root in self.drawn(made_up()).items():
            for group in parts(root, "g", "series"):
                points = [(float(part.get("cx")), float(part.get("cy"))) for part in parts(group, "circle")]
                self.assertEqual(points, sorted(points, key=lambda point: point[0]), name)
                for x, y in points:
                    self.assertTrue(0 < x < float(root.get("width")) and plot.TOP <= y <= plot.TOP + plot.PANEL_HEIGHT, name)

    def test_batch_sizes_that_double_lie_equally_far_apart(self):
        results = made_up()
        results["runs"] = [{"chart": "batch", "bench": bench(batch, 1, batch=batch)} for batch in (1, 2, 4)]
        one, two, four = (float(part.get("cx")) for part in parts(self.drawn(results)["batch.svg"], "circle"))
        self.assertAlmostEqual(two - one, four - two, delta=0.2)

    def test_a_single_point_and_speeds_of_zero_can_be_drawn(self):
        results = made_up()
        results["runs"] = [{"chart": "threads", "bench": bench(0.0, 0.0, threads=1)}]
        self.assertEqual(list(self.drawn(results)), ["threads.svg"])

    def test_steps_of_the_axis_are_round(self):
        self.assertEqual([plot.nice_step(most, 6) for most in (6, 7, 20, 114, 1000)], [1, 2, 5, 20, 200])

    def test_the_program_writes_the_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "results.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(made_up(), file)
            into = os.path.join(folder, "new", "charts")
            subprocess.run([sys.executable, "-B", os.path.join(HERE, "plot.py"), path, into], check=True, capture_output=True)
            self.assertEqual(sorted(os.listdir(into)), ["batch.svg", "context.svg", "threads.svg"])
            for name in os.listdir(into):
                xml.parse(os.path.join(into, name))


class PlanTest(unittest.TestCase):
    def test_runs_fit_the_context_and_read_at_least_one_batch(self):
        for quick in (False, True):
            for chart, options in measure.plan(4, quick):
                of = {name: int(value) for name, value in zip(options[::2], options[1::2])}
                self.assertLessEqual(of["-d"] + max(of["-p"], of["-n"]) + 1, measure.CONTEXT)
                if chart == "batch":
                    self.assertGreaterEqual(of["-p"], of["-b"])

    def test_all_places_are_measured(self):
        runs = measure.plan(3, False)
        place = lambda chart, option: [int(options[options.index(option) + 1]) for name, options in runs if name == chart]
        self.assertEqual(place("threads", "-t"), [1, 2, 3])
        self.assertEqual(place("context", "-d"), list(measure.DEPTHS))
        self.assertEqual(place("batch", "-b"), list(measure.BATCHES))


if __name__ == "__main__":
    unittest.main()
