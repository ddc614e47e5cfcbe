// A small window in place of the big one, that says what is the matter; what can be done about it goes below.
import QtQuick
import QtQuick.Controls.Basic
import Tercet

ApplicationWindow {
    id: root

    required property Settings settings
    required property string heading
    required property string explanation
    default property alias content: slot.data

    width: Theme.px(460)
    height: column.implicitHeight + Theme.px(48)
    minimumWidth: width
    maximumWidth: width
    minimumHeight: height
    maximumHeight: height
    visible: true
    title: "Tercet"
    color: Theme.background
    Component.onCompleted: root.requestActivate()

    ThemeChoice {
        settings: root.settings
    }
    Column {
        id: column

        x: Theme.px(24)
        y: Theme.px(24)
        width: parent.width - Theme.px(48)
        spacing: Theme.px(10)
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.heading
        Accessible.description: root.explanation

        UiText {
            width: parent.width
            text: root.heading
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
        }
        UiText {
            width: parent.width
            text: root.explanation
            color: Theme.muted
            wrapMode: Text.Wrap
        }
        Item {
            id: slot

            width: parent.width
            height: childrenRect.height
        }
    }
}
