// A small button that is only an icon; its words are in the tool tip and for screen readers.
import QtQuick
import QtQuick.Templates as T

T.Button {
    id: root

    required property string iconName
    property bool primary: false
    property color ink: root.primary ? Theme.accentInk : Theme.muted
    // It came to where the pointer rested, as a click or a new answer brings it about; that asks for no words.
    property bool unasked: false
    property double appeared: Date.now()

    implicitWidth: Theme.px(32)
    implicitHeight: Theme.px(32)
    focusPolicy: Qt.TabFocus
    hoverEnabled: true
    opacity: root.enabled ? 1 : 0.45
    Accessible.name: root.text
    Accessible.onPressAction: if (root.enabled) root.clicked()
    onHoveredChanged: root.unasked = root.hovered && Date.now() - root.appeared < 300
    onVisibleChanged: root.appeared = Date.now()

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: root.iconName
            color: root.ink
        }
    }

    background: Rectangle {
        radius: root.primary ? Theme.codeRadius : Theme.radius
        color: root.primary ? Theme.accent : "transparent"

        Rectangle {
            anchors.fill: parent
            radius: parent.radius
            color: root.down ? Theme.pressed : Theme.hover
            visible: root.enabled && (root.hovered || root.down)
        }
        FocusRing {
            shown: root.visualFocus
            cornerRadius: parent.radius
        }
    }

    Tip {
        text: root.text
        shown: (root.hovered && !root.unasked) || root.visualFocus
    }

    Keys.onReturnPressed: root.clicked()
    Keys.onEnterPressed: root.clicked()
}
