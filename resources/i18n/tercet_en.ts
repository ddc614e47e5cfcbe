<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB">
    <context>
        <name>Composer</name>
        <message numerus="yes">
            <source>%n token(s)</source>
            <translation>
                <numerusform>%n token</numerusform>
                <numerusform>%n tokens</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ErrorText</name>
        <message numerus="yes">
            <source>%n chat(s)</source>
            <translation>
                <numerusform>%n chat</numerusform>
                <numerusform>%n chats</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n message(s)</source>
            <translation>
                <numerusform>%n message</numerusform>
                <numerusform>%n messages</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them came from the backup.</source>
            <extracomment>after &quot;Recovered: 3 chats with 20 messages.&quot;</extracomment>
            <translation>
                <numerusform>%n of them came from the backup.</numerusform>
                <numerusform>%n of them came from the backup.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RecentlyDeletedPage</name>
        <message numerus="yes">
            <source>Delete all %n item(s) for good?</source>
            <translation>
                <numerusform>Delete %n item for good?</numerusform>
                <numerusform>Delete all %n items for good?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>StatusLine</name>
        <message numerus="yes">
            <source>%n thread(s)</source>
            <translation>
                <numerusform>%n thread</numerusform>
                <numerusform>%n threads</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TransferText</name>
        <message numerus="yes">
            <source>%n chat(s) exported.</source>
            <translation>
                <numerusform>%n chat exported.</numerusform>
                <numerusform>%n chats exported.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) had been imported by then and stay.</source>
            <translation>
                <numerusform>%n chat had been imported by then and stays.</numerusform>
                <numerusform>%n chats had been imported by then and stay.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) imported.</source>
            <translation>
                <numerusform>%n chat imported.</numerusform>
                <numerusform>%n chats imported.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) were already here.</source>
            <translation>
                <numerusform>%n chat was already here.</numerusform>
                <numerusform>%n chats were already here.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) could not be read. The details say why.</source>
            <translation>
                <numerusform>%n chat could not be read. The details say why.</numerusform>
                <numerusform>%n chats could not be read. The details say why.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>tercet::ChatController</name>
        <message numerus="yes">
            <source>%n later message(s) are on the other version.</source>
            <translation>
                <numerusform>%n later message is on the other version.</numerusform>
                <numerusform>%n later messages are on the other version.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>tercet::ConversationList</name>
        <message numerus="yes">
            <source>%n conversation(s)</source>
            <translation>
                <numerusform>%n conversation</numerusform>
                <numerusform>%n conversations</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>tercet::DeletedList</name>
        <message numerus="yes">
            <source>%n day(s) left</source>
            <translation>
                <numerusform>%n day left</numerusform>
                <numerusform>%n days left</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>tercet::DraftAttachments</name>
        <message numerus="yes">
            <source>%n file(s) can&apos;t be attached.</source>
            <translation>
                <numerusform>%n file can&apos;t be attached.</numerusform>
                <numerusform>%n files can&apos;t be attached.</numerusform>
            </translation>
        </message>
    </context>
</TS>
