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
    // The room for saying what is wrong, up to the right edge of the field.
    property real errorWidth: root.width

    // A number in range was typed.
    signal edited(real value)

    readonly property real typed: root.parse(field.text)
    readonly property bool valid: root.inRange(root.typed)
    // A value that nobody typed here is not held against the person, e.g. a context beyond that of a new model.
    property bool touched: false
    // Another language may write it in another way.
    readonly property string point: Qt.uiLanguage.length > 0 ? Qt.locale().decimalPoint : "."
    readonly property string problem: root.valid || !root.touched ? ""
        : root.decimals === 0 ? qsTr("Enter a whole number from %1 to %2").arg(root.shown(root.from)).arg(root.shown(root.to))
        : qsTr("Enter a number from %1 to %2").arg(root.shown(root.from)).arg(root.shown(root.to))

    implicitWidth: Theme.px(96)
    implicitHeight: field.height + (error.visible ? error.implicitHeight + Theme.px(4) : 0)
    opacity: root.enabled ? 1 : 0.55

    ThemedField {
        id: field

        width: Theme.px(88)
        text: root.shown(root.value)
        wrong: root.problem.length > 0
        inputMethodHints: Qt.ImhFormattedNumbersOnly
        Accessible.name: root.label
        Accessible.description: root.problem
        onTextEdited: {
            root.touched = true;
            pause.restart();
        }
        onEditingFinished: root.settle()
        Keys.onEscapePressed: event => {
            event.accepted = !root.valid;
            pause.stop();
            field.text = Qt.binding(() => root.shown(root.value));
        }
    }
    Timer {
        // "2048" is not four batches: the number counts when the typing rests.
        id: pause

        interval: 400
        onTriggered: root.take()
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
        x: root.width - width
        width: root.errorWidth
        horizontalAlignment: root.errorWidth > root.width ? Text.AlignRight : Text.AlignLeft
        text: root.problem
        color: Theme.danger
        font.pixelSize: Theme.figureSize
        wrapMode: Text.Wrap
        visible: text.length > 0
    }

    // The page may be closed before the typing rests.
    Component.onDestruction: {
        if (pause.running)
            root.take();
    }
    // The setting may be changed elsewhere, e.g. by the slider beside it or a reset.
    onPointChanged: root.settle()
    onValueChanged: {
        if (root.shown(root.parse(field.text)) !== root.shown(root.value))
            field.text = root.shown(root.value);
    }

    function take() {
        pause.stop();
        if (root.valid && root.shown(root.typed) !== root.shown(root.value))
            root.edited(root.typed);
    }

    function inRange(number: real): bool {
        return !isNaN(number) && number >= root.from && number <= root.to;
    }

    function shown(number: real): string {
        return String(Number(number.toFixed(root.decimals))).replace(".", root.point);
    }

    // Both "0.7" and "0,7" are numbers; NaN for anything else.
    function parse(text: string): real {
        const plain = text.trim().replace(",", ".");
        const pattern = root.decimals === 0 ? /^-?\d{1,9}$/ : /^-?(\d{1,9}(\.\d*)?|\.\d+)$/;
        return pattern.test(plain) ? Number(plain) : NaN;
    }

    // A finished valid number is shown the way all numbers are.
    function settle() {
        if (!root.valid)
            return;
        root.take();
        field.text = root.shown(root.value);
    }
}
