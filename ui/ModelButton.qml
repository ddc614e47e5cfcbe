// The model that answers; opens a card with what it is and a way to another one.
import QtQuick
import QtQuick.Templates as T
import Tercet

TextButton {
    id: root

    required property ModelController model
    required property real maximumWidth

    signal openModelRequested

    implicitHeight: Theme.px(30)
    width: Math.min(root.implicitWidth, root.maximumWidth)
    leftPadding: Theme.px(10)
    rightPadding: Theme.px(10) + Theme.px(20)
    iconName: "box"
    iconSize: Theme.px(16)
    ink: Theme.muted
    text: root.model.hasModel ? root.model.name : qsTr("No model")
    font.pixelSize: Theme.px(13)
    Accessible.name: qsTr("Model: %1").arg(text)
    Accessible.description: root.model.details
    onClicked: card.opened ? card.close() : card.open()

    Icon {
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(10)
        anchors.verticalCenter: parent.verticalCenter
        name: "chevron-down"
        size: Theme.px(15)
    }

    T.Popup {
        id: card

        x: root.width - width
        y: root.height + Theme.px(6)
        width: Theme.px(300)
        height: content.implicitHeight + topPadding + bottomPadding
        padding: Theme.px(14)
        margins: Theme.px(8)
        focus: true
        closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent

        contentItem: Column {
            id: content

            spacing: Theme.px(6)

            UiText {
                width: parent.width
                text: root.model.hasModel ? root.model.name : qsTr("No model is open")
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
            }
            UiText {
                width: parent.width
                text: root.model.details
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                wrapMode: Text.Wrap
                visible: text.length > 0
            }
            UiText {
                width: parent.width
                text: root.model.builtIn ? qsTr("Part of Tercet. It knows the program and a little small talk, not the world.") : root.model.path
                color: Theme.muted
                font.pixelSize: Theme.figureSize
                wrapMode: root.model.builtIn ? Text.Wrap : Text.WrapAnywhere
                maximumLineCount: 3
                elide: Text.ElideRight
                visible: text.length > 0
            }
            Item {
                width: 1
                height: Theme.px(4)
            }
            TextButton {
                width: parent.width
                iconName: "folder-open"
                text: root.model.hasModel ? qsTr("Open another model…") : qsTr("Open a model…")
                focus: true
                onClicked: {
                    card.close();
                    root.openModelRequested();
                }
            }
            TextButton {
                width: parent.width
                iconName: "message-square"
                text: qsTr("Use the built-in guide")
                visible: !root.model.builtIn
                onClicked: {
                    card.close();
                    root.model.openBuiltIn();
                }
            }
        }
        background: Rectangle {
            radius: Theme.cardRadius
            color: Theme.surface
            border.width: 1
            border.color: Theme.line
        }
    }
}
