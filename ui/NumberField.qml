// A number to type. What is out of range stays visible and is named below; it is never changed silently.
import QtQuick
import QtQuick.Templates as T

Item {
    id: root

    required property real value
    required property real from
    required property real to
    required property string label
    property int decimals: 0
    property string unit: ""

    // A number in range was typed.
    signal edited(real value)

    readonly property real typed: root.parse(field.text)
    readonly property bool valid: root.inRange(root.typed)
    readonly property string problem: root.valid ? ""
        : root.decimals === 0 ? qsTr("Enter a whole number from %1 to %2").arg(root.shown(root.from)).arg(root.shown(root.to))
        : qsTr("Enter a number from %1 to %2").arg(root.shown(root.from)).arg(root.shown(root.to))

    implicitWidth: Theme.px(96)
    implicitHeight: field.height + (error.visible ? error.implicitHeight + Theme.px(4) : 0)
    opacity: root.enabled ? 1 : 0.55

    ThemedField {
        id: field

        width: Theme.px(88)
        text: root.shown(root.value)
        wrong: !root.valid
        inputMethodHints: Qt.ImhFormattedNumbersOnly
        Accessible.name: root.label
        Accessible.description: root.problem
        onTextEdited: root.take(root.parse(field.text))
        onEditingFinished: root.settle()
        Keys.onEscapePressed: event => {
            event.accepted = !root.valid;
            field.text = Qt.binding(() => root.shown(root.value));
        }
    }
    UiText {
        anchors.left: field.right
        anchors.leftMargin: Theme.px(8)
        height: field.height
        text: root.unit
        color: Theme.muted
    }
    UiText {
        id: error

        anchors.top: field.bottom
        anchors.topMargin: Theme.px(4)
        width: root.width
        text: root.problem
        color: Theme.danger
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
        visible: text.length > 0
    }

    // The setting may be changed elsewhere, e.g. by the slider beside it or a reset.
    onValueChanged: {
        if (root.shown(root.parse(field.text)) !== root.shown(root.value))
            field.text = root.shown(root.value);
    }

    // Not by the properties above: while a key is handled they still speak of the text before it.
    function take(number: real) {
        if (root.inRange(number))
            root.edited(number);
    }

    function inRange(number: real): bool {
        return !isNaN(number) && number >= root.from && number <= root.to;
    }

    function shown(number: real): string {
        return String(Number(number.toFixed(root.decimals))).replace(".", Qt.locale().decimalPoint);
    }

    // Both "0.7" and "0,7" are numbers; NaN for anything else.
    function parse(text: string): real {
        const plain = text.trim().replace(",", ".");
        const pattern = root.decimals === 0 ? /^-?\d{1,9}$/ : /^-?(\d{1,9}(\.\d*)?|\.\d+)$/;
        return pattern.test(plain) ? Number(plain) : NaN;
    }

    // A finished valid number is shown the way all numbers are.
    function settle() {
        if (root.valid)
            field.text = root.shown(root.value);
    }
}
