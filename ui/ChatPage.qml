// The conversation, the place to write, and the line that says what the engine does.
import QtQuick
import QtQuick.Dialogs
import Tercet

FocusScope {
    id: root

    required property ChatController chat
    required property ModelController model
    required property Settings settings
    required property FindInChat find
    required property PromptLibrary prompts
    required property FilledPrompt filledPrompt
    // What is said in the window, for the sheet of prompts, which covers it.
    property Notice notice: null
    readonly property alias promptsOpened: promptSheet.opened

    signal copyTextRequested(string text)
    signal inspectRequested(int message, int position)
    signal openModelRequested
    signal biggerModelRequested

    readonly property int sideMargin: Math.max(Theme.px(12), Math.round((root.width - Theme.columnWidth) / 2))
    readonly property bool empty: root.chat.messages.count === 0
    readonly property bool withoutModel: !root.model.hasModel && root.model.state === ModelController.State.NoModel

    // A message that was just jumped to, for a moment.
    property int reachedRow: -1
    // Where the messages begin in the window, and where they began before.
    readonly property real messagesTop: root.y + messages.y
    property real lastTop: 0
    property real lastPosition: 0

    // What comes or goes above the messages, a notice or the search, does not move what is being read.
    onMessagesTopChanged: {
        if (!stayingInPlace.running)
            root.lastPosition = messages.position;
        stayingInPlace.start();
    }

    FindBar {
        id: findBar

        width: parent.width
        height: visible ? implicitHeight : 0
        visible: root.find.active
        find: root.find
        onCloseRequested: root.closeFind()
    }
    EmptyChat {
        anchors.fill: messages
        visible: root.empty
        guide: root.model.builtIn
        onBiggerModelRequested: root.biggerModelRequested()
        onSuggested: text => {
            root.chat.ask(text);
            root.focusInput();
        }
    }
    MessageList {
        id: messages

        anchors.top: findBar.bottom
        anchors.bottom: composer.top
        anchors.bottomMargin: Theme.px(10)
        width: parent.width
        clip: true
        chat: root.chat
        visible: !root.empty
        foundRow: root.find.active ? root.find.currentRow : root.reachedRow
        onCopyTextRequested: text => root.copyTextRequested(text)
        onInspectRequested: (message, position) => root.inspectRequested(message, position)
    }
    Composer {
        id: composer

        x: root.sideMargin
        width: parent.width - 2 * x
        anchors.bottom: status.top
        anchors.bottomMargin: Theme.px(8)
        focus: true
        chat: root.chat
        sendWithEnter: root.settings.sendWithEnter
        maximumHeight: root.height * 0.4
        onSent: messages.followEnd()
        onPromptsRequested: bySlash => root.openPrompts(bySlash)
        onEditLastRequested: root.chat.editLastPrompt()
        onScrollKeyPressed: key => messages.scrollByKey(key)
        onMenuRequested: source => editMenu.openFor(source)
        onAttachRequested: attachDialog.open()
    }
    StatusLine {
        id: status

        x: root.sideMargin
        width: parent.width - 2 * x
        height: Math.max(Theme.px(20), implicitHeight)
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(10)
        chat: root.chat
        model: root.model
    }
    TextButton {
        anchors.centerIn: status
        implicitHeight: Theme.px(28)
        bare: true
        text: qsTr("No model is open. Open a model…")
        visible: root.withoutModel
        onClicked: root.openModelRequested()
    }

    FileDialog {
        id: attachDialog

        title: qsTr("Attach files")
        fileMode: FileDialog.OpenFiles
        nameFilters: [qsTr("Text, tables, source code and PDF (*)")]
        onAccepted: attachDialog.selectedFiles.forEach(file => root.chat.attachments.add(file))
    }
    EditMenu {
        id: editMenu
    }
    Timer {
        // Once the messages have their height, too.
        id: stayingInPlace

        interval: 0
        onTriggered: {
            const kept = root.lastPosition + root.messagesTop - root.lastTop;
            root.lastTop = root.messagesTop;
            if (!messages.following)
                messages.scrollBy(kept - messages.position);
        }
    }
    Timer {
        id: reached

        interval: 2500
        onTriggered: root.reachedRow = -1
    }
    Connections {
        target: root.find

        function onShown(row: int, block: int, position: int) {
            root.showPlace(row, block, position);
        }
    }
    Connections {
        target: root.chat

        function onConversationChanged() {
            root.find.active = false;
        }
    }

    Connections {
        target: root.chat

        function onDraftChanged() {
            if (root.chat.editing !== ChatController.Editing.Nothing)
                root.focusInput();
        }
    }
    PromptSheet {
        id: promptSheet

        property bool bySlash: false

        prompts: root.prompts
        prompt: root.filledPrompt
        draft: root.chat.draft
        notice: root.notice
        onChosen: text => composer.insert(text)
        // The slash was meant as one.
        onDismissed: typed => composer.insert(bySlash ? "/" + typed : "")
    }

    // Letters typed while a message has the keyboard belong in the message being written.
    Keys.onPressed: event => {
        const plain = !(event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier));
        if (plain && event.text.length > 0 && event.text >= " " && event.text !== "\u007f") {
            composer.insert(event.text);
            event.accepted = true;
        }
    }

    function openPrompts(bySlash: bool) {
        promptSheet.bySlash = bySlash;
        promptSheet.open();
    }

    function focusInput() {
        composer.focusInput();
    }

    // Scrolls to a message that was searched for and marks it for a moment; nothing for -1.
    function showMessage(row: int) {
        if (row < 0)
            return;
        root.find.reach(row);
        root.reachedRow = row;
        reached.restart();
    }

    function openFind() {
        if (root.empty)
            return;
        root.find.active = true;
        root.find.beginAt(messages.rowInView());
        findBar.focusField();
    }

    // Where that is, it is by the present edges.
    function showPlace(row: int, block: int, position: int) {
        stayingInPlace.stop();
        root.lastTop = root.messagesTop;
        messages.showPlace(row, block, position);
    }

    function closeFind() {
        root.find.active = false;
        root.focusInput();
    }
}
