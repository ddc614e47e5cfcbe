// Settings are taken when they are valid, and refused in plain words when they are not.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 640
    height: 480

    Finder {
        id: finder
    }
    Component {
        id: performanceType

        PerformanceSettings {
            width: 620
        }
    }
    Component {
        id: answersType

        AnswerSettings {
            width: 620
        }
    }
    Component {
        id: generalType

        GeneralSettings {
            width: 620
        }
    }

    TestCase {
        id: test

        property QtObject rig

        name: "SettingsPage"
        when: windowShown

        function init() {
            test.rig = driver.makeRig();
        }

        function performance(): Item {
            return createTemporaryObject(performanceType, root, { settings: test.rig.settings, model: test.rig.model, tuning: test.rig.tuning });
        }

        function answers(): Item {
            return createTemporaryObject(answersType, root, { settings: test.rig.settings });
        }

        function fieldOf(page: Item, name: string): Item {
            return finder.found(page, item => item.Accessible.name === name && item.Accessible.role === Accessible.EditableText);
        }

        function replace(field: Item, text: string) {
            mouseClick(field);
            tryVerify(() => field.activeFocus);
            field.selectAll();
            keyClick(Qt.Key_Delete);
            for (const letter of text)
                keyClick(letter);
        }

        function test_auto_is_the_first_choice_and_shows_what_it_comes_to() {
            const page = test.performance();
            compare(test.rig.settings.threads, 0);
            verify(finder.worded(page, "using 4 of 8"));
            verify(!test.fieldOf(page, "CPU threads").enabled);
            compare(test.fieldOf(page, "CPU threads").text, "4");
        }

        function test_choosing_begins_with_what_auto_came_to() {
            const page = test.performance();
            mouseClick(finder.named(page, "CPU threads: Choose"));
            compare(test.rig.settings.threads, 4);
            mouseClick(finder.named(page, "CPU threads: Auto"));
            compare(test.rig.settings.threads, 0);
        }

        function test_a_batch_can_be_typed() {
            const page = test.performance();
            mouseClick(finder.named(page, "Batch size: Choose"));
            test.replace(test.fieldOf(page, "Batch size"), "96");
            tryCompare(test.rig.settings, "batch", 96);
        }

        function test_what_is_out_of_range_is_named_and_not_taken_data() {
            return [
                { tag: "too many threads", field: "CPU threads", good: "3", bad: "9", setting: "threads" },
                { tag: "batch too large", field: "Batch size", good: "2048", bad: "2049", setting: "batch" },
                { tag: "batch of nothing", field: "Batch size", good: "1", bad: "0", setting: "batch" },
                { tag: "half a thread", field: "CPU threads", good: "2", bad: "2.5", setting: "threads" },
                { tag: "words", field: "Batch size", good: "7", bad: "many", setting: "batch" }
            ];
        }

        function test_what_is_out_of_range_is_named_and_not_taken(row) {
            const page = test.performance();
            mouseClick(finder.named(page, row.field + ": Choose"));
            const field = test.fieldOf(page, row.field);
            test.replace(field, row.good);
            tryCompare(test.rig.settings, row.setting, Number(row.good));
            test.replace(field, row.bad);
            compare(field.text, row.bad);
            verify(finder.found(page, item => (item.text ?? "").startsWith("Enter a whole number from 1 to ")));
            keyClick(Qt.Key_Return);
            compare(test.rig.settings[row.setting], Number(row.good));
            compare(field.text, row.bad);
            test.replace(field, row.good);
            keyClick(Qt.Key_Return);
            compare(test.rig.settings[row.setting], Number(row.good));
            verify(!finder.found(page, item => (item.text ?? "").startsWith("Enter a ")));
        }

        function test_a_number_counts_also_when_the_page_closes_at_once() {
            const page = test.answers();
            test.replace(test.fieldOf(page, "Top-k"), "17");
            page.destroy();
            tryCompare(test.rig.settings, "topK", 17);
        }

        function test_the_slider_sets_the_threads() {
            const page = test.performance();
            mouseClick(finder.named(page, "CPU threads: Choose"));
            const slider = finder.found(page, item => item.stepSize !== undefined && item.Accessible.name === "CPU threads");
            mouseClick(slider, slider.width - 4, slider.height / 2);
            compare(test.rig.settings.threads, 8);
            compare(test.fieldOf(page, "CPU threads").text, "8");
            keyClick(Qt.Key_Tab);
        }

        function test_the_context_goes_up_to_the_models_own() {
            test.rig.pretendModel(512);
            const page = test.performance();
            const field = test.fieldOf(page, "Memory of a chat, in tokens");
            test.replace(field, "256");
            keyClick(Qt.Key_Return);
            compare(test.rig.settings.context, 256);
            test.replace(field, "513");
            keyClick(Qt.Key_Return);
            verify(finder.worded(page, "Enter a whole number from 16 to 512"));
            compare(test.rig.settings.context, 256);
        }

        function test_a_chat_is_kept_exactly_until_compact_is_chosen() {
            const page = test.performance();
            verify(finder.named(page, "How a chat is kept in memory: Exact (16-bit)").checked);
            mouseClick(finder.named(page, "How a chat is kept in memory: Compact (8-bit)"));
            compare(test.rig.settings.compactCache, true);
            verify(finder.named(page, "How a chat is kept in memory: Compact (8-bit)").checked);
        }

        function test_without_a_model_nothing_can_be_measured() {
            const page = test.performance();
            const button = finder.named(page, "Find the fastest settings");
            verify(!button.enabled);
            verify(finder.worded(page, "Open a model first."));
            test.rig.pretendModel(4096);
            verify(button.enabled);
            verify(!finder.worded(page, "Open a model first."));
        }

        function test_a_measurement_is_shown_and_becomes_auto() {
            test.rig.pretendModel(4096);
            const page = test.performance();
            finder.named(page, "Find the fastest settings").clicked();
            test.rig.measure(0.37);
            verify(finder.named(page, "Measuring · 37 %"));
            verify(finder.named(page, "4 threads: 24.5 tokens per second"));
            test.rig.finishMeasuring(3, 128);
            verify(!finder.named(page, "Measuring · 37 %"));
            verify(finder.worded(page, "Fastest on this computer: CPU threads 3, batch size 128"));
            verify(finder.named(page, "3 threads: 24.8 tokens per second, the fastest choice"));
            verify(finder.named(page, "128 tokens in a batch: 118 tokens per second, the fastest choice"));
            verify(finder.named(page, "8 threads: 135 tokens per second"));
            verify(finder.worded(page, "using 3 of 8, measured on this computer"));
            verify(finder.worded(page, "tokens read at once, using 128, measured on this computer"));
            verify(finder.named(page, "Measure again").enabled);
        }

        function test_a_busy_computer_is_told() {
            test.rig.pretendModel(4096);
            const page = test.performance();
            const sentence = "The computer was busy with other programs, so these may not be the fastest settings. Measure again when those are done.";
            finder.named(page, "Find the fastest settings").clicked();
            test.rig.finishMeasuring(4, 512, true);
            verify(finder.worded(page, sentence));
            verify(finder.worded(page, "For now: CPU threads 4, batch size 512"));
            verify(finder.named(page, "4 threads: 24.5 tokens per second"));
            finder.named(page, "Measure again").clicked();
            verify(!finder.worded(page, sentence));
            test.rig.finishMeasuring(3, 128);
            verify(!finder.worded(page, sentence));
        }

        function test_a_measurement_can_be_cancelled() {
            test.rig.pretendModel(4096);
            const page = test.performance();
            finder.named(page, "Find the fastest settings").clicked();
            finder.named(page, "Cancel measuring").clicked();
            compare(test.rig.tuning.state, TuningController.State.Stopping);
            verify(!finder.named(page, "Cancel measuring").enabled);
        }

        function test_a_result_is_offered_where_values_were_chosen_by_hand() {
            test.rig.pretendModel(4096);
            test.rig.settings.threads = 2;
            const page = test.performance();
            finder.named(page, "Find the fastest settings").clicked();
            test.rig.finishMeasuring(3, 128);
            compare(test.rig.settings.threads, 2);
            finder.named(page, "Use these: set both to Auto").clicked();
            compare(test.rig.settings.threads, 0);
            tryVerify(() => finder.worded(page, "using 3 of 8, measured on this computer"));
        }

        function test_sampling_values_are_typed_with_point_or_comma() {
            const page = test.answers();
            const field = test.fieldOf(page, "Temperature");
            test.replace(field, "1.25");
            keyClick(Qt.Key_Return);
            fuzzyCompare(test.rig.settings.temperature, 1.25, 1e-6);
            test.replace(field, "0,5");
            keyClick(Qt.Key_Return);
            fuzzyCompare(test.rig.settings.temperature, 0.5, 1e-6);
            test.replace(field, "-1");
            keyClick(Qt.Key_Return);
            verify(finder.worded(page, "Enter a number from 0 to 5"));
            fuzzyCompare(test.rig.settings.temperature, 0.5, 1e-6);
        }

        function test_a_seed_is_any_64_bit_number_or_nothing() {
            const page = test.answers();
            const field = test.fieldOf(page, "Seed");
            test.replace(field, "18446744073709551615");
            compare(test.rig.settings.seed, "18446744073709551615");
            test.replace(field, "18446744073709551616");
            verify(finder.found(page, item => (item.text ?? "").startsWith("Enter digits only")));
            verify(test.rig.settings.seed !== "18446744073709551616");
            test.replace(field, "");
            compare(test.rig.settings.seed, "");
        }

        function test_a_style_sets_the_numbers_and_numbers_may_be_no_style() {
            const page = test.answers();
            mouseClick(finder.named(page, "Style: Focused"));
            compare(test.fieldOf(page, "Temperature").text, "0.3");
            compare(test.fieldOf(page, "Top-k").text, "20");
            verify(finder.named(page, "Style: Focused").checked);
            test.rig.settings.topK = 21;
            verify(!finder.named(page, "Style: Focused").checked);
            verify(finder.worded(page, "custom: the numbers below"));
        }

        function test_instructions_are_kept_as_typed() {
            const page = test.answers();
            test.replace(test.fieldOf(page, "Instructions"), "Answer in rhyme.");
            compare(test.rig.settings.systemPrompt, "Answer in rhyme.");
        }

        function test_reset_brings_the_values_back() {
            const page = test.answers();
            const usual = test.rig.settings.temperature;
            test.rig.settings.temperature = 2;
            compare(test.fieldOf(page, "Temperature").text, "2");
            finder.named(page, "Reset these values").clicked();
            fuzzyCompare(test.rig.settings.temperature, usual, 1e-6);
            fuzzyCompare(Number(test.fieldOf(page, "Temperature").text), usual, 1e-6);
        }

        function test_theme_and_send_key_are_chosen_with_a_click() {
            const page = createTemporaryObject(generalType, root, { settings: test.rig.settings, notifies: true });
            mouseClick(finder.named(page, "Theme: Dark"));
            compare(test.rig.settings.theme, "dark");
            mouseClick(finder.named(page, "Send with: Ctrl+Enter"));
            compare(test.rig.settings.sendWithEnter, false);
        }

        function test_a_language_is_chosen_from_the_list() {
            const page = createTemporaryObject(generalType, root, { settings: test.rig.settings, notifies: true });
            const box = finder.found(page, item => (item.Accessible.name ?? "").startsWith("Language: "));
            mouseClick(box);
            tryVerify(() => box.popup.opened);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Down);
            keyClick(Qt.Key_Return);
            compare(test.rig.settings.language, "es");
        }
    }
}
