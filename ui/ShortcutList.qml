// All keys: those of single parts of the window, which always work, and those of the whole, which can be switched off.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Tercet

Sheet {
    id: root

    required property list<AppShortcut> shortcuts
    required property Settings settings

    title: qsTr("Keyboard shortcuts")
    width: Math.min(Theme.px(480), (parent?.width ?? 0) - Theme.px(24))
    wantedHeight: rows.height
    onAboutToShow: scroller.contentY = 0
    onOpened: scroller.forceActiveFocus(Qt.PopupFocusReason)

    FocusRing {
        shown: scroller.activeFocus
    }
    Flickable {
        id: scroller

        anchors.fill: parent
        contentHeight: rows.height
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: root.title
        T.ScrollBar.vertical: ThinScrollBar {}
        Keys.onUpPressed: scroller.flick(0, Theme.px(600))
        Keys.onDownPressed: scroller.flick(0, -Theme.px(600))

        Column {
            id: rows

            x: Theme.px(8)
            width: parent.width - 2 * x - Theme.px(6)

            ShortcutRow {
                width: rows.width
                title: qsTr("Send")
                keys: KeyNames.of(root.settings.sendWithEnter ? "Enter" : "Ctrl+Enter")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("New line")
                keys: KeyNames.of(root.settings.sendWithEnter ? "Shift+Enter" : "Enter")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Edit your last message, when the box is empty")
                keys: KeyNames.of("Up")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Prompts, when the box is empty")
                keys: "/"
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Stop the answer, or step back")
                keys: KeyNames.of("Esc")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("From one control to the next")
                keys: KeyNames.of("Tab")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Scroll the conversation")
                keys: KeyNames.of("PageUp") + "  " + KeyNames.of("PageDown")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Beginning and end of the conversation, when the box is empty")
                keys: KeyNames.of("Home") + "  " + KeyNames.of("End")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Select the message before or after, in the conversation")
                keys: KeyNames.of("Alt+Up") + "  " + KeyNames.of("Alt+Down")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Select a part of it")
                keys: KeyNames.of("Shift+Up") + "  " + KeyNames.of("Shift+Down")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Next and previous place found")
                keys: "F3  " + KeyNames.of("Shift+F3")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Rename a chat or folder, in the list of chats")
                keys: "F2"
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Delete a chat, in the list of chats")
                keys: KeyNames.of("Ctrl+Backspace")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("What can be done with a chat or a message")
                keys: KeyNames.of("Shift+F10")
            }
            ShortcutRow {
                width: rows.width
                title: qsTr("Insert a prompt that is filled in")
                keys: KeyNames.of("Ctrl+Enter")
            }
            UiText {
                width: rows.width
                topPadding: Theme.px(10)
                bottomPadding: Theme.px(4)
                text: root.settings.shortcuts ? qsTr("Everywhere in the window")
                                              : qsTr("Everywhere in the window (switched off in the settings)")
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                wrapMode: Text.Wrap
            }
            Repeater {
                model: root.shortcuts

                ShortcutRow {
                    required property AppShortcut modelData

                    width: rows.width
                    title: modelData.title
                    keys: KeyNames.of(modelData.portableText)
                    opacity: root.settings.shortcuts ? 1 : 0.45
                }
            }
        }
    }
}
