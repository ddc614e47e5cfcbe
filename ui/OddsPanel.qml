// Looking into an answer: its text, whose words can be clicked and walked, and what else could have stood at each place.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Controls.Basic
import Tercet

FocusScope {
    id: root

    required property WordOdds odds

    readonly property int sideMargin: Math.max(Theme.px(12), Math.round((root.width - Theme.columnWidth) / 2))
    readonly property bool found: root.odds.alternatives.count > 0

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Words of an answer")

    UiText {
        id: hint

        x: root.sideMargin
        y: Theme.px(12)
        width: root.width - 2 * x
        text: root.odds.note || qsTr("Click a word, or go from word to word with the arrow keys.")
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
    }
    Rectangle {
        id: page

        anchors.top: hint.bottom
        anchors.topMargin: Theme.px(8)
        anchors.bottom: current.top
        anchors.bottomMargin: Theme.px(8)
        x: root.sideMargin
        width: root.width - 2 * x
        radius: Theme.codeRadius
        color: Theme.surface
        border.width: 1
        border.color: Theme.line
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.StaticText
        Accessible.name: qsTr("Words of an answer. Left and right go from word to word.")
        Accessible.description: root.odds.spokenWord
        Accessible.focusable: true

        Flickable {
            id: view

            anchors.fill: parent
            anchors.margins: Theme.px(1)
            contentWidth: width
            contentHeight: words.height + 2 * words.y
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            ScrollBar.vertical: ThinScrollBar {}

            SelectableText {
                id: words

                x: Theme.px(14)
                y: Theme.px(10)
                width: view.width - 2 * x
                text: root.odds.text
                textFormat: TextEdit.PlainText
                selectedFrom: root.odds.begin
                selectedTo: root.odds.begin + root.odds.length
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentInk
                wrapMode: TextEdit.Wrap
                font.family: Theme.sans
                font.pixelSize: Theme.bodySize
            }
            MouseArea {
                width: view.contentWidth
                height: Math.max(view.height, view.contentHeight)
                cursorShape: Qt.PointingHandCursor
                onClicked: mouse => {
                    page.forceActiveFocus(Qt.MouseFocusReason);
                    root.odds.choose(root.characterAt(mouse.x - words.x, mouse.y - words.y));
                }
            }
        }
        FocusRing {
            anchors.margins: 0
            cornerRadius: parent.radius - Theme.px(3)
            shown: page.activeFocus
        }
        Keys.onDownPressed: list.forceActiveFocus(Qt.TabFocusReason)
    }
    Item {
        id: current

        anchors.bottom: list.top
        anchors.bottomMargin: Theme.px(4)
        x: root.sideMargin
        width: root.width - 2 * x
        height: Theme.px(36)

        IconButton {
            id: before

            anchors.verticalCenter: parent.verticalCenter
            iconName: "chevron-left"
            text: qsTr("Word before")
            enabled: root.odds.hasPrevious
            onClicked: root.odds.previous()
        }
        UiText {
            anchors.left: before.right
            anchors.leftMargin: Theme.px(6)
            anchors.right: after.left
            anchors.rightMargin: Theme.px(6)
            height: parent.height
            text: root.odds.error ? root.odds.error
                : root.odds.busy ? qsTr("%1 · computing").arg(root.odds.word)
                : qsTr("%1 · %2").arg(root.odds.word).arg(root.odds.percent)
            visible: root.odds.word.length > 0
            color: root.odds.error ? Theme.danger : Theme.text
            font.weight: root.odds.error ? Font.Normal : Font.DemiBold
            wrapMode: root.odds.error ? Text.Wrap : Text.NoWrap
            elide: Text.ElideRight
            Accessible.role: Accessible.StaticText
            Accessible.name: root.odds.error || "%1, %2".arg(root.odds.spokenWord).arg(root.odds.percent)
        }
        IconButton {
            id: after

            anchors.right: parent.right
            anchors.verticalCenter: parent.verticalCenter
            iconName: "chevron-right"
            text: qsTr("Word after")
            enabled: root.odds.hasNext
            onClicked: root.odds.next()
        }
    }
    ListView {
        id: list

        anchors.bottom: meaning.top
        anchors.bottomMargin: Theme.px(6)
        x: root.sideMargin
        width: root.width - 2 * x
        height: Math.min(11 * Theme.px(30), Math.round(root.height * 0.4))
        model: root.odds.alternatives
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        opacity: root.odds.busy ? 0.5 : 1
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What else could have stood here")
        ScrollBar.vertical: ThinScrollBar {}

        delegate: OddsRow {
            id: choice

            required property int index

            width: list.width
            highlighted: list.activeFocus && choice.ListView.isCurrentItem
            onClicked: root.odds.continueWith(choice.index)
        }

        Keys.onReturnPressed: root.odds.continueWith(list.currentIndex)
        Keys.onEnterPressed: root.odds.continueWith(list.currentIndex)
        Keys.onSpacePressed: root.odds.continueWith(list.currentIndex)
        Keys.onUpPressed: event => {
            event.accepted = list.currentIndex === 0;
            if (event.accepted)
                page.forceActiveFocus(Qt.BacktabFocusReason);
        }
    }
    UiText {
        id: meaning

        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.px(12)
        x: root.sideMargin
        width: root.width - 2 * x
        text: (root.found ? qsTr("All other words together: %1.").arg(root.odds.otherPercent) + " " : "")
              + qsTr("Shares as the model has them, at temperature 1 and before any filter of the settings.")
        color: Theme.muted
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
    }

    Connections {
        target: root.odds

        function onChanged() {
            list.currentIndex = 0;
            revealing.restart();
        }
    }

    Timer {
        id: revealing

        interval: 0
        onTriggered: root.reveal()
    }

    Keys.onLeftPressed: root.odds.previous()
    Keys.onRightPressed: root.odds.next()

    // The character under a point; a TextEdit says the nearest gap between two.
    function characterAt(x: real, y: real): int {
        const gap = words.positionAt(x, y);
        const place = words.positionToRectangle(gap);
        return gap > 0 && x < place.x && y < place.y + place.height ? gap - 1 : gap;
    }

    // What is looked at stays in sight.
    function reveal() {
        const place = words.positionToRectangle(root.odds.begin);
        const top = place.y + words.y - Theme.px(10);
        const bottom = place.y + place.height + words.y + Theme.px(10);
        view.contentY = Math.max(Math.min(view.contentY, top), bottom - view.height);
    }
}
