// One choice from a list. Long ones wrap.
pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T

T.ComboBox {
    id: root

    required property string label
    required property int current

    implicitWidth: Theme.px(220)
    implicitHeight: Math.max(Theme.px(34), contentItem.implicitHeight + topPadding + bottomPadding)
    leftPadding: Theme.px(12)
    rightPadding: Theme.px(34)
    topPadding: Theme.px(7)
    bottomPadding: Theme.px(7)
    focusPolicy: Qt.StrongFocus
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    wheelEnabled: false
    currentIndex: root.current
    // Another model, which is what another language is, begins at its first entry.
    onModelChanged: root.currentIndex = Qt.binding(() => root.current)
    Accessible.name: root.label + ": " + root.displayText
    Accessible.onPressAction: root.openClosed()

    contentItem: UiText {
        text: root.displayText
        lineHeight: 1
        wrapMode: Text.Wrap
    }
    indicator: Icon {
        x: root.width - width - Theme.px(10)
        y: Math.round((root.height - height) / 2)
        name: "chevron-down"
        size: Theme.px(16)
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.surface
        border.width: 1
        border.color: Theme.line

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: Theme.hover
            visible: root.hovered
        }
        FocusRing {
            shown: root.visualFocus
        }
    }

    delegate: T.ItemDelegate {
        id: entry

        required property int index
        required property string modelData

        width: ListView.view?.width ?? 0
        implicitHeight: Math.max(Theme.px(32), contentItem.implicitHeight + topPadding + bottomPadding)
        leftPadding: Theme.px(10)
        rightPadding: Theme.px(10)
        topPadding: Theme.px(6)
        bottomPadding: Theme.px(6)
        highlighted: root.highlightedIndex === entry.index
        Accessible.name: entry.modelData
        Accessible.onPressAction: entry.clicked()

        contentItem: UiText {
            text: entry.modelData
            color: entry.index === root.currentIndex ? Theme.accent : Theme.text
            lineHeight: 1
            wrapMode: Text.Wrap
        }
        background: Rectangle {
            radius: Theme.px(6)
            color: entry.highlighted ? Theme.hover : "transparent"
        }
    }

    popup: T.Popup {
        y: root.height + Theme.px(4)
        width: root.width
        height: Math.min(contentItem.implicitHeight + 2 * padding, Theme.px(280))
        padding: Theme.px(5)
        margins: Theme.px(6)

        contentItem: ListView {
            clip: true
            implicitHeight: contentHeight
            model: root.delegateModel
            currentIndex: root.highlightedIndex
        }
        background: Rectangle {
            radius: Theme.codeRadius
            color: Theme.surface
            border.width: 1
            border.color: Theme.line
        }
    }

    Keys.onReturnPressed: event => event.accepted = root.openClosed()
    Keys.onEnterPressed: event => event.accepted = root.openClosed()

    function openClosed(): bool {
        if (root.popup.visible)
            return false;
        root.popup.open();
        return true;
    }
}
