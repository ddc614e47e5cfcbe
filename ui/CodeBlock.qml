// A block of code: its language, a button that copies it, and lines that scroll sideways.
import QtQuick
import QtQuick.Controls.Basic

Rectangle {
    id: root

    required property string code
    required property string language
    property color ink: Theme.text
    // More lines are still arriving.
    property bool live: false

    signal copyRequested
    signal menuRequested(TextEdit source)

    implicitWidth: edit.implicitWidth
    implicitHeight: bar.height + lines.height
    radius: Theme.codeRadius
    color: Theme.code
    border.width: 1
    border.color: Theme.line

    Item {
        id: bar

        width: parent.width
        height: Theme.px(38)

        UiText {
            anchors.left: parent.left
            anchors.leftMargin: Theme.px(13)
            anchors.right: copyButton.left
            height: parent.height
            text: root.language || qsTr("code", "label of a code block without a language")
            color: Theme.muted
            font.pixelSize: Theme.figureSize
            elide: Text.ElideRight
        }
        TextButton {
            id: copyButton

            property bool done: false

            anchors.right: parent.right
            anchors.rightMargin: Theme.px(2)
            anchors.verticalCenter: parent.verticalCenter
            implicitHeight: Theme.px(30)
            leftPadding: Theme.px(10)
            iconSize: Theme.px(16)
            bare: true
            iconName: copyButton.done ? "check" : "copy"
            text: copyButton.done ? qsTr("Copied") : qsTr("Copy")
            font.pixelSize: Theme.figureSize
            Accessible.name: qsTr("Copy this code")
            onClicked: {
                root.copyRequested();
                copyButton.done = true;
                copiedTimer.restart();
            }

            Timer {
                id: copiedTimer

                interval: 1500
                onTriggered: copyButton.done = false
            }
        }
        Rectangle {
            anchors.bottom: parent.bottom
            width: parent.width
            height: 1
            color: Theme.line
        }
    }

    Flickable {
        id: lines

        anchors.top: bar.bottom
        width: parent.width
        height: edit.height
        contentWidth: edit.width
        contentHeight: edit.height
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentWidth > width
        clip: true
        ScrollBar.horizontal: ThinScrollBar {}

        TextEdit {
            id: edit

            width: Math.max(implicitWidth, lines.width)
            padding: Theme.px(14)
            bottomPadding: Theme.px(16)
            // Rich text for the line height alone; nothing in the code is markup.
            text: "<p style=\"white-space: pre; line-height: " + Theme.codeLinePercent + "%\">"
                  + root.code.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n/g, "<br/>") + "</p>"
            textFormat: TextEdit.RichText
            wrapMode: TextEdit.NoWrap
            readOnly: true
            selectByMouse: true
            color: root.ink
            selectionColor: Theme.accentSoft
            selectedTextColor: Theme.text
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            renderType: TextEdit.NativeRendering
            Accessible.ignored: true

            Rectangle {
                readonly property rect end: edit.endOfText(edit.length, edit.width, edit.contentHeight)

                x: end.x + Theme.px(2)
                y: end.y
                width: Theme.px(8)
                height: end.height
                radius: Theme.px(2)
                color: Theme.accent
                visible: root.live
            }
            HoverHandler {
                cursorShape: Qt.IBeamCursor
            }
            TapHandler {
                acceptedButtons: Qt.RightButton
                onTapped: root.menuRequested(edit)
            }

            function endOfText(length: int, width: real, height: real): rect {
                return edit.positionToRectangle(length);
            }
        }
    }
}
