// A question before something that cannot be undone.
import QtQuick
import QtQuick.Templates as T

T.Popup {
    id: root

    required property string title
    required property string text
    required property string actionText

    signal confirmed

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(Theme.px(420), (parent ? parent.width : 0) - Theme.px(32))
    height: content.implicitHeight + topPadding + bottomPadding
    padding: Theme.px(20)
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape
    onOpened: cancel.forceActiveFocus(Qt.TabFocusReason)

    contentItem: Column {
        id: content

        spacing: Theme.px(10)
        Accessible.role: Accessible.Dialog
        Accessible.name: root.title
        Accessible.description: root.text

        UiText {
            width: parent.width
            text: root.title
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        UiText {
            width: parent.width
            text: root.text
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Flow {
            width: parent.width
            topPadding: Theme.px(6)
            layoutDirection: Qt.RightToLeft
            spacing: Theme.px(8)

            TextButton {
                ink: Theme.danger
                text: root.actionText
                onClicked: {
                    root.close();
                    root.confirmed();
                }
            }
            TextButton {
                id: cancel

                text: qsTr("Cancel")
                onClicked: root.close()
            }
        }
    }
    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.surface
        border.width: 1
        border.color: Theme.line
    }
    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }
}
