// A card over the window that asks for or lists something, with a title; Escape and a click beside it put it away.
import QtQuick
import QtQuick.Templates as T
import Tercet

T.Popup {
    id: root

    required property string title
    default property alias content: slot.data
    // Of the content; the card is never taller than the window.
    property real wantedHeight: Theme.px(480)
    // What was typed in it goes with a button only, not with a key or a click that may be meant otherwise.
    property bool typedIn: false
    // What it did can be undone from it: it covers the window's own notice.
    property Notice notice: null
    // What is edited in it is known by its row, which an Undo could move: none is offered meanwhile.
    property bool editing: false
    readonly property bool offersUndo: (root.notice?.visible ?? false) && root.notice.action === Notice.Action.Undo

    parent: T.Overlay.overlay
    x: Math.round(((parent?.width ?? 0) - width) / 2)
    y: Math.round(((parent?.height ?? 0) - height) / 2)
    width: Math.min(Theme.px(600), (parent?.width ?? 0) - Theme.px(24))
    height: Math.min(root.wantedHeight + heading.height + topPadding + bottomPadding + Theme.px(10), (parent?.height ?? 0) - Theme.px(24))
    padding: Theme.px(16)
    modal: true
    focus: true
    closePolicy: root.typedIn ? T.Popup.NoAutoClose : T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    T.Overlay.modal: Rectangle {
        color: Theme.shade
    }

    contentItem: FocusScope {
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: root.title

        UiText {
            id: heading

            width: parent.width - closeButton.width
            height: Theme.px(32)
            text: root.title
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            elide: Text.ElideRight
            Accessible.role: Accessible.Heading
            Accessible.name: root.title
        }
        IconButton {
            id: closeButton

            x: parent.width - width
            iconName: "x"
            text: qsTr("Close")
            onClicked: root.close()
        }
        FocusScope {
            id: slot

            y: heading.height + Theme.px(10)
            width: parent.width
            height: parent.height - y - (undo.item ? undo.height + Theme.px(10) : 0)
            focus: true
        }
        Loader {
            id: undo

            anchors.bottom: parent.bottom
            width: parent.width
            active: root.offersUndo && !root.editing
            sourceComponent: NoticeBar {
                notice: root.notice
            }
        }
    }
    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.background
        border.width: 1
        border.color: Theme.line
    }
}
