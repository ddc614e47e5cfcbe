// The theme's table against the contrast that people need: 4.5:1 for text, 3:1 for controls.
import QtQuick
import QtTest
import Tercet.Ui

TestCase {
    id: test

    name: "Contrast"

    function cleanup() {
        Theme.dark = false;
    }

    function test_text_can_be_read_data() {
        const onPages = ["background", "sidebar", "surface"];
        const rows = [
            ["text", [...onPages, "bubble", "code", "accentSoft", "warningSoft", "found"]],
            ["muted", [...onPages, "code", "warningSoft"]],
            ["accent", [...onPages, "bubble", "code", "accentSoft"]],
            ["danger", onPages],
            ["warning", [...onPages, "warningSoft"]],
            ["accentInk", ["accent"]],
            ["background", ["text"]]
        ];
        return test.pairs(rows);
    }

    function test_text_can_be_read(row) {
        Theme.dark = row.dark;
        const ratio = test.contrast(Theme[row.ink], Theme[row.paper]);
        verify(ratio >= 4.5, row.tag + " has only " + ratio.toFixed(2));
    }

    function test_code_can_be_read_data() {
        const rows = [];
        for (const name in Theme.codeInks) {
            rows.push({ tag: name + ", light", dark: false, name: name });
            rows.push({ tag: name + ", dark", dark: true, name: name });
        }
        return rows;
    }

    function test_code_can_be_read(row) {
        Theme.dark = row.dark;
        const ratio = test.contrast(Qt.color(Theme.codeInks[row.name]), Theme.code);
        verify(ratio >= 4.5, row.tag + " has only " + ratio.toFixed(2));
    }

    function test_controls_can_be_seen_data() {
        const onPages = ["background", "sidebar", "surface"];
        return test.pairs([["accent", onPages], ["muted", onPages], ["danger", onPages], ["warning", onPages]]);
    }

    function test_controls_can_be_seen(row) {
        Theme.dark = row.dark;
        const ratio = test.contrast(Theme[row.ink], Theme[row.paper]);
        verify(ratio >= 3, row.tag + " has only " + ratio.toFixed(2));
    }

    function test_the_measure_itself() {
        fuzzyCompare(test.contrast(Qt.rgba(0, 0, 0, 1), Qt.rgba(1, 1, 1, 1)), 21, 0.01);
        fuzzyCompare(test.contrast(Qt.rgba(1, 1, 1, 1), Qt.rgba(1, 1, 1, 1)), 1, 0.01);
    }

    function pairs(rows) {
        const all = [];
        for (const dark of [false, true])
            for (const [ink, papers] of rows)
                for (const paper of papers)
                    all.push({ tag: ink + " on " + paper + (dark ? ", dark" : ", light"), dark, ink, paper });
        return all;
    }

    // WCAG 2.1, relative luminance and contrast ratio.
    function contrast(a: color, b: color): real {
        const lighter = Math.max(test.luminance(a), test.luminance(b));
        const darker = Math.min(test.luminance(a), test.luminance(b));
        return (lighter + 0.05) / (darker + 0.05);
    }

    function luminance(c: color): real {
        const linear = part => part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
        return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
    }
}
