// A quiet scroll bar: there when there is something to scroll, darker under the pointer.
import QtQuick
import QtQuick.Templates as T

T.ScrollBar {
    id: root

    implicitWidth: root.vertical ? Theme.px(10) : 0
    implicitHeight: root.horizontal ? Theme.px(10) : 0
    padding: Theme.px(2)
    minimumSize: 0.06
    visible: root.policy !== T.ScrollBar.AlwaysOff && root.size < 1
    Accessible.ignored: true

    contentItem: Rectangle {
        implicitWidth: Theme.px(6)
        implicitHeight: Theme.px(6)
        radius: Theme.px(3)
        color: root.pressed || root.hovered ? Theme.muted : Theme.faint
        opacity: root.pressed ? 1 : root.hovered ? 0.8 : 0.45
    }
}
