// Where the person writes: grows with the text, sends with Enter, and holds Send or Stop.
import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property ChatController chat
    required property bool sendWithEnter
    readonly property string sendingKey: KeyNames.of(root.sendWithEnter ? "Enter" : "Ctrl+Enter")
    // The tallest it may grow.
    required property real maximumHeight

    signal sent
    signal scrollKeyPressed(int key)
    signal editLastRequested
    signal menuRequested(TextEdit source)
    signal attachRequested
    // By "/" in an empty message, which is then not typed, or by the button.
    signal promptsRequested(bool bySlash)

    readonly property bool busy: root.chat.canStop || root.chat.state === ChatController.State.Stopping
    // A low window has no room for a row of its own below the text.
    readonly property bool compact: root.maximumHeight < Theme.px(150)
    readonly property int rowHeight: root.compact ? 0 : Theme.px(40)
    readonly property bool editing: root.chat.editing !== ChatController.Editing.Nothing
    // Above the text: what is being edited.
    readonly property int headHeight: root.editing ? Theme.px(36) : files.visible ? files.height + Theme.px(10) : 0
    readonly property bool somethingToSend: root.chat.draft.trim().length > 0 || (!root.editing && files.count > 0)
    readonly property int lineHeight: Theme.px(48)

    implicitHeight: Math.max(root.lineHeight, Math.min(input.implicitHeight, root.maximumHeight - root.rowHeight))
                    + root.rowHeight + root.headHeight + (root.compact ? 0 : Theme.px(4))

    Rectangle {
        anchors.fill: parent
        anchors.topMargin: Theme.px(2)
        anchors.bottomMargin: -Theme.px(3)
        anchors.leftMargin: -1
        anchors.rightMargin: -1
        radius: Theme.composerRadius
        color: Theme.shadow
    }
    Rectangle {
        anchors.fill: parent
        radius: Theme.composerRadius
        color: Theme.surface
        border.width: 1
        border.color: input.activeFocus ? Qt.tint(Theme.line, Qt.alpha(Theme.accent, 0.45)) : Theme.line

        TapHandler {
            onTapped: root.focusInput()
        }
    }

    ScrollView {
        id: scroller

        anchors.fill: parent
        anchors.topMargin: 1 + root.headHeight
        anchors.bottomMargin: root.rowHeight + 1
        anchors.rightMargin: root.compact ? root.width - promptsButton.x + Theme.px(4) : Theme.px(4)
        focus: true
        // By itself it would go by the paddings before a zoom.
        contentHeight: input.implicitHeight
        Accessible.ignored: true
        ScrollBar.horizontal.policy: ScrollBar.AlwaysOff
        ScrollBar.vertical: ThinScrollBar {
            parent: scroller
            anchors.right: scroller.right
            anchors.top: scroller.top
            anchors.bottom: scroller.bottom
            anchors.topMargin: Theme.px(8)
        }

        TextArea {
            id: input

            focus: true
            leftPadding: Theme.px(17)
            rightPadding: Theme.px(14)
            topPadding: Theme.px(14)
            bottomPadding: Theme.px(8)
            text: root.chat.draft
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.Wrap
            selectByMouse: true
            background: null
            color: Theme.text
            selectionColor: Theme.accentSoft
            selectedTextColor: Theme.text
            placeholderText: qsTr("Message Tercet")
            placeholderTextColor: Theme.muted
            font.family: Theme.sans
            font.pixelSize: Theme.bodySize
            renderType: TextEdit.NativeRendering
            Accessible.role: Accessible.EditableText
            Accessible.name: qsTr("Message")
            onTextChanged: {
                if (input.text !== root.chat.draft)
                    root.chat.draft = input.text;
                else  // put there, not typed
                    input.cursorPosition = input.length;
            }
            onPressed: event => {
                if (event.button === Qt.RightButton)
                    root.menuRequested(input);
            }
            Keys.onPressed: event => event.accepted = root.takeKey(event.key, event.modifiers)
        }
    }

    Flow {
        id: files

        readonly property alias count: chips.count

        x: Theme.px(12)
        y: Theme.px(10)
        width: parent.width - 2 * x
        height: Math.min(childrenRect.height, Theme.px(64))
        spacing: Theme.px(6)
        clip: true
        visible: files.count > 0 && !root.editing

        Repeater {
            id: chips

            model: root.chat.attachments

            FileChip {
                required property int index
                required property int tokens

                note: tokens < 0 ? "" : qsTr("%n token(s)", "", tokens)
                removable: true
                onRemoved: root.chat.attachments.remove(index)
            }
        }
    }
    EditBanner {
        x: 1
        y: 1
        width: parent.width - 2
        height: root.headHeight
        visible: root.editing
        editing: root.chat.editing
        onCancelled: {
            root.chat.cancelEdit();
            root.focusInput();
        }
    }
    // From left to right, as the Tab key goes.
    IconButton {
        id: promptsButton

        x: root.compact ? sendButton.x - 2 * (width + Theme.px(2)) : Theme.px(10)
        anchors.verticalCenter: sendButton.verticalCenter
        iconName: "book-marked"
        text: qsTr("Prompts")
        onClicked: root.promptsRequested(false)
    }
    IconButton {
        id: attachButton

        x: promptsButton.x + promptsButton.width + (root.compact ? Theme.px(2) : 0)
        anchors.verticalCenter: sendButton.verticalCenter
        iconName: "paperclip"
        text: qsTr("Attach a file")
        enabled: !root.editing
        onClicked: root.attachRequested()
    }
    UiText {
        anchors.right: sendButton.left
        anchors.rightMargin: Theme.px(12)
        anchors.left: attachButton.right
        anchors.leftMargin: Theme.px(8)
        anchors.verticalCenter: sendButton.verticalCenter
        horizontalAlignment: Text.AlignRight
        text: root.chat.attachments.reading ? qsTr("Reading the file…")
            : root.chat.contextFull ? qsTr("The memory of this chat is full")
            : root.chat.contextShort ? qsTr("The memory of this chat is nearly full")
            //: %1: the name of a key
            : root.editing ? qsTr("%1 to save").arg(root.sendingKey) : qsTr("%1 to send").arg(root.sendingKey)
        color: root.chat.contextShort && !root.chat.attachments.reading ? Theme.warning : Theme.muted
        font.pixelSize: Theme.figureSize
        elide: Text.ElideRight
        visible: !root.compact && !root.busy
    }
    IconButton {
        id: sendButton

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: root.compact ? Theme.px(7) : Theme.px(10)
        implicitWidth: Theme.px(34)
        implicitHeight: Theme.px(34)
        primary: true
        iconName: root.busy ? "square" : root.editing ? "check" : "arrow-up"
        text: root.busy ? qsTr("Stop") : root.editing ? qsTr("Save as a new version") : qsTr("Send")
        enabled: root.busy ? root.chat.canStop : root.chat.canSend && root.somethingToSend
        onClicked: root.busy ? root.chat.stop() : root.submit()
    }

    function focusInput() {
        input.forceActiveFocus();
    }

    function insert(text: string) {
        root.focusInput();
        input.insert(input.cursorPosition, text);
    }

    function submit() {
        if (!input.inputMethodComposing && root.chat.canSend && root.chat.send())
            root.sent();
    }

    // True when the key was for us. While an input method composes a word, Enter belongs to it.
    function takeKey(key: int, modifiers: int): bool {
        if (key === Qt.Key_Tab || key === Qt.Key_Backtab) {
            input.nextItemInFocusChain(key === Qt.Key_Tab).forceActiveFocus(Qt.TabFocusReason);
            return true;
        }
        if (key === Qt.Key_PageUp || key === Qt.Key_PageDown || (input.length === 0 && !input.inputMethodComposing && (key === Qt.Key_Home || key === Qt.Key_End))) {
            root.scrollKeyPressed(key);
            return true;
        }
        if (key === Qt.Key_Up && !root.editing && input.length === 0) {
            root.editLastRequested();
            return true;
        }
        const plain = !(modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier));
        if (key === Qt.Key_Slash && plain && input.length === 0 && !input.inputMethodComposing) {
            root.promptsRequested(true);
            return true;
        }
        if ((key !== Qt.Key_Return && key !== Qt.Key_Enter) || input.inputMethodComposing)
            return false;
        const withControl = (modifiers & Qt.ControlModifier) !== 0;
        if (modifiers & Qt.ShiftModifier || (!root.sendWithEnter && !withControl))
            return false;
        root.submit();
        return true;
    }
}
