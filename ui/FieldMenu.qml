// The context menu of a field, made when it is first asked for.
import QtQuick

Loader {
    id: root

    active: false
    sourceComponent: EditMenu {}

    // A button was pressed in `field`, a TextEdit or a TextInput.
    function offer(button: int, field: Item) {
        if (button !== Qt.RightButton)
            return;
        root.active = true;
        root.item.openFor(field);
    }
}
