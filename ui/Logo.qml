// Three bars, -1, 0 and +1, on a grid of 24.
import QtQuick

Item {
    id: root

    property real size: Theme.px(24)

    readonly property real unit: root.size / 24

    implicitWidth: root.size
    implicitHeight: root.size

    Rectangle {
        x: 3 * root.unit
        y: 4 * root.unit
        width: 18 * root.unit
        height: 4 * root.unit
        radius: 2 * root.unit
        color: Theme.minus
    }
    Rectangle {
        x: 3 * root.unit
        y: 10 * root.unit
        width: 11 * root.unit
        height: 4 * root.unit
        radius: 2 * root.unit
        color: Theme.zero
    }
    Rectangle {
        x: 3 * root.unit
        y: 16 * root.unit
        width: 15 * root.unit
        height: 4 * root.unit
        radius: 2 * root.unit
        color: Theme.plus
    }
}
