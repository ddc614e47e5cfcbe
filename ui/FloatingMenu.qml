// A small menu in the window's own look.
import QtQuick
import QtQuick.Templates as T

T.Menu {
    id: root

    readonly property real widest: {
        let width = 0;
        for (let i = 0; i < root.count; i++)
            width = Math.max(width, root.itemAt(i)?.implicitWidth ?? 0);
        return width;
    }

    implicitWidth: Math.max(Theme.px(180), root.widest + leftPadding + rightPadding)
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    padding: Theme.px(5)
    margins: Theme.px(6)
    overlap: 1

    contentItem: ListView {
        implicitHeight: contentHeight
        implicitWidth: root.widest
        model: root.contentModel
        interactive: contentHeight > height
        clip: interactive
        currentIndex: root.currentIndex
    }
    background: Rectangle {
        radius: Theme.codeRadius
        color: Theme.surface
        border.width: 1
        border.color: Theme.line
    }
}
