// The first start: nobody has a model yet, and the built-in guide answers at once, in words.
import QtQuick
import QtTest
import Tercet
import Tercet.Ui

Item {
    id: root

    width: 200
    height: 200

    Finder {
        id: finder
    }
    Component {
        id: windowType

        Main {
            width: 1100
            height: 760
        }
    }

    TestCase {
        id: test

        property QtObject app
        property Window window

        name: "Guide"
        when: windowShown

        function init() {
            test.app = driver.makeApp();
            test.app.settings.language = "en";
            test.app.settings.temperature = 0;
            test.window = createTemporaryObject(windowType, null, { app: test.app });
            test.window.requestActivate();
            tryVerify(() => test.window.active);
            driver.startApp();
            tryCompare(test.app.model, "state", ModelController.State.Ready, 20000);
            tryVerify(() => test.named("Message"));
        }

        function cleanup() {
            test.window.destroy();
            wait(0);
            driver.endAll();
        }

        function named(name: string): Item {
            return finder.named(test.window.contentItem, name);
        }

        function listed(name: string): Item {
            return finder.named(test.window.contentItem.parent, name);
        }

        // The first visible thing whose name fits.
        function like(pattern): Item {
            return finder.found(test.window.contentItem, item => pattern.test(item.Accessible.name));
        }

        function ask(suggestion: string): string {
            mouseClick(test.named(suggestion));
            tryCompare(test.app.chat.messages, "count", 2, 20000);
            tryCompare(test.app.chat, "state", ChatController.State.Idle, 20000);
            tryVerify(() => test.like(/^Answer: ./));
            return test.like(/^Answer: ./).Accessible.name;
        }

        function test_it_says_what_it_is_and_where_a_bigger_one_is() {
            verify(test.app.model.builtIn);
            tryVerify(() => test.named("Welcome to Tercet"));
            mouseClick(test.named("Get a bigger model"));
            tryVerify(() => test.listed("I already have a file"));
            keyClick(Qt.Key_Escape);
            tryVerify(() => !test.listed("I already have a file"));
        }

        function test_a_suggestion_is_answered_in_words() {
            verify(/ternary/.test(test.ask("What is a ternary model?")));
        }

        function test_a_chat_comes_back_after_a_new_start() {
            const said = test.ask("What is a ternary model?");
            verify(said.length > 20);
            test.window.destroy();
            wait(0);
            test.app = driver.restartApp();
            test.window = createTemporaryObject(windowType, null, { app: test.app });
            driver.startApp();
            tryCompare(test.app.chat.messages, "count", 2, 20000);
            tryVerify(() => test.named(said));
            tryVerify(() => test.app.model.builtIn);
            test.window.requestActivate();
            tryVerify(() => test.window.active);
            tryVerify(() => test.named("Message").activeFocus);
        }

        function test_another_model_and_back() {
            test.app.model.openPath(driver.writeTinyModel());
            tryVerify(() => !test.app.model.builtIn, 20000);
            tryCompare(test.app.model, "state", ModelController.State.Ready, 20000);
            tryVerify(() => test.named("What shall we write?"));
            verify(!test.named("Get a bigger model"));
            mouseClick(test.like(/^Model: /));
            tryVerify(() => test.listed("Use the built-in guide"));
            waitForRendering(test.window.contentItem);
            mouseClick(test.listed("Use the built-in guide"));
            tryVerify(() => test.app.model.builtIn, 20000);
            tryVerify(() => test.named("Get a bigger model"));
        }

        function test_a_model_that_is_gone_leaves_the_guide() {
            test.app.model.openPath("/nowhere/model.gguf");
            tryVerify(() => test.app.notice.visible, 20000);
            verify(test.app.model.builtIn);
            verify(test.named("Message"));
        }
    }
}
