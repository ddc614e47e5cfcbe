// Code, or one part of it when it is long: its language, a button that copies it, and lines that scroll sideways.
import QtQuick

Item {
    id: root

    required property string html
    required property string language
    // Characters of the longest line of all parts.
    required property int columns
    required property int offset
    property bool firstPart: true
    property bool lastPart: true
    property color ink: Theme.text
    // More lines are still arriving.
    property bool live: false
    property alias edit: words
    readonly property real furthest: lines.furthest

    readonly property real needed: Math.ceil(root.columns * metrics.advanceWidth("m")) + 2 * Theme.px(14)

    signal copyRequested
    signal scrolled(int pixels)

    implicitWidth: root.needed
    implicitHeight: (bar.visible ? bar.height : 0) + lines.height

    Item {
        // Parts above and below lie against it: its corners are round only at the ends.
        anchors.fill: parent
        clip: !root.firstPart || !root.lastPart

        Rectangle {
            anchors.fill: parent
            anchors.topMargin: root.firstPart ? 0 : -2 * radius
            anchors.bottomMargin: root.lastPart ? 0 : -2 * radius
            radius: Theme.codeRadius
            color: Theme.code
            border.width: 1
            border.color: Theme.line
        }
    }
    Item {
        id: bar

        width: parent.width
        height: Theme.px(38)
        visible: root.firstPart

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

    WidePane {
        id: lines

        y: bar.visible ? bar.height : 0
        width: parent.width
        height: words.height
        contentWidth: Math.max(width, root.needed)
        contentHeight: words.height
        offset: root.offset
        barShown: root.lastPart
        onScrolled: pixels => root.scrolled(pixels)

        SelectableText {
            id: words

            width: lines.contentWidth
            live: root.live
            padding: Theme.px(14)
            topPadding: root.firstPart ? Theme.px(14) : 0
            bottomPadding: root.lastPart ? Theme.px(16) : 0
            text: "<style>p { white-space: pre; line-height: " + Theme.codeLinePercent + "% }" + root.inks()
                  + words.foundStyle + "</style><p>" + root.html + "</p>"
            wrapMode: TextEdit.NoWrap
            color: root.ink
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            tabStopDistance: 4 * metrics.advanceWidth("m")

            Rectangle {
                x: words.end.x + Theme.px(2)
                y: words.end.y
                width: Theme.px(8)
                height: words.end.height
                radius: Theme.px(2)
                color: Theme.accent
                visible: root.live
            }
        }
    }
    FontMetrics {
        id: metrics

        font: words.font
    }

    // The colours of words, by the names that the highlighter gives them.
    function inks(): string {
        const inks = Theme.codeInks;
        return Object.keys(inks).map(name => "." + name + " { color: " + inks[name] + " }").join("");
    }
}
