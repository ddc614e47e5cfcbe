// The prompt library: find a prompt, fill it in, put it into the message; and keep the library.
import QtQuick
import Tercet

Sheet {
    id: root

    required property PromptLibrary prompts
    required property FilledPrompt prompt
    required property string draft

    signal chosen(string text)
    // Put away without a prompt; what was typed to find one.
    signal dismissed(string typed)

    enum Face { List, Editor, Form }

    property int face: PromptSheet.Face.List
    // The row that is edited; -1 for a new one.
    property int row: -1
    property string oldTitle: ""
    property string oldText: ""
    property bool done: false

    title: root.face === PromptSheet.Face.Form ? root.prompt.title
        : root.face === PromptSheet.Face.List ? qsTr("Prompts") : root.row < 0 ? qsTr("New prompt") : qsTr("Edit the prompt")
    typedIn: other.item?.changed ?? false
    editing: root.face === PromptSheet.Face.Editor
    wantedHeight: root.face === PromptSheet.Face.List ? Theme.px(520) : (other.item?.implicitHeight ?? 0)
    onAboutToShow: {
        root.done = false;
        root.face = PromptSheet.Face.List;
        root.prompts.filter = "";
        root.prompts.sortByUse();
    }
    onOpened: list.focusFilter()
    onClosed: {
        if (!root.done)
            root.dismissed(root.face === PromptSheet.Face.List ? root.prompts.filter : "");
    }

    PromptList {
        id: list

        anchors.fill: parent
        visible: root.face === PromptSheet.Face.List
        prompts: root.prompts
        draftIsEmpty: root.draft.trim() === ""
        onChosen: (row, title) => root.choose(row, title)
        onEditRequested: (row, title, text) => root.edit(row, title, text)
        onNewRequested: root.edit(-1, "", "")
        onSaveDraftRequested: root.edit(-1, "", root.draft)
    }
    Loader {
        id: other

        anchors.fill: parent
        active: root.opened && root.face !== PromptSheet.Face.List
        focus: active
        sourceComponent: root.face === PromptSheet.Face.Form ? form : editor
    }
    Component {
        id: form

        PromptForm {
            prompt: root.prompt
            onInserted: text => root.finish(text)
            onCancelled: root.showList()
        }
    }
    Component {
        id: editor

        PromptEditor {
            title: root.oldTitle
            text: root.oldText
            onCancelled: root.showList()
            onSaved: (title, text) => {
                if (root.row < 0 ? root.prompts.add(title, text) : root.prompts.edit(root.row, title, text))
                    root.showList();
            }
        }
    }

    function choose(row: int, title: string) {
        if (root.prompt.begin(title, root.prompts.use(row)))
            root.face = PromptSheet.Face.Form;
        else
            root.finish(root.prompt.text);
    }

    function edit(row: int, title: string, text: string) {
        root.row = row;
        root.oldTitle = title;
        root.oldText = text;
        root.face = PromptSheet.Face.Editor;
    }

    function showList() {
        root.face = PromptSheet.Face.List;
        list.focusFilter();
    }

    function finish(text: string) {
        root.done = true;
        root.close();
        root.chosen(text);
    }
}
