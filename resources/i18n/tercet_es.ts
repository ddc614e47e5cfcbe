<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES">
    <context>
        <name>AboutPage</name>
        <message>
            <source>Version %1</source>
            <translation>Versión %1</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modelo</translation>
        </message>
        <message>
            <source>Licences</source>
            <translation>Licencias</translation>
        </message>
        <message>
            <source>Tercet itself: MIT</source>
            <translation>Tercet: MIT</translation>
        </message>
    </context>
    <context>
        <name>AnswerActions</name>
        <message>
            <source>Stopped</source>
            <translation>Detenida</translation>
        </message>
        <message>
            <source>Could not be finished</source>
            <translation>No se pudo terminar</translation>
        </message>
        <message>
            <source>The memory of this chat is full</source>
            <translation>La memoria de este chat está llena</translation>
        </message>
        <message>
            <source>Copy this answer</source>
            <translation>Copiar esta respuesta</translation>
        </message>
        <message>
            <source>Write this answer again</source>
            <translation>Escribir otra vez esta respuesta</translation>
        </message>
        <message>
            <source>How likely were the words?</source>
            <translation>¿Qué probabilidad tenían las palabras?</translation>
        </message>
        <message>
            <source>Interrupted</source>
            <translation>Interrumpida</translation>
        </message>
        <message>
            <source>Edited</source>
            <translation>Editada</translation>
        </message>
        <message>
            <source>Edit this answer</source>
            <translation>Editar esta respuesta</translation>
        </message>
        <message>
            <source>Go on in a new chat from here</source>
            <translation>Seguir en un chat nuevo desde aquí</translation>
        </message>
        <message>
            <source>Delete this answer</source>
            <translation>Eliminar esta respuesta</translation>
        </message>
        <message>
            <source>Continue</source>
            <translation>Continuar</translation>
        </message>
        <message>
            <source>Cut off at the answer length</source>
            <translation>Cortada por la longitud de la respuesta</translation>
        </message>
    </context>
    <context>
        <name>AnswerSettings</name>
        <message>
            <source>Instructions</source>
            <translation>Instrucciones</translation>
        </message>
        <message>
            <source>the system prompt: who the model is and how it should answer</source>
            <translation>el mensaje de sistema: quién es el modelo y cómo debe responder</translation>
        </message>
        <message>
            <source>Temperature</source>
            <translation>Temperatura</translation>
        </message>
        <message>
            <source>0 always takes the likeliest word; higher is freer</source>
            <translation>con 0 elige siempre la palabra más probable; cuanto más alta, más libre</translation>
        </message>
        <message>
            <source>Top-k</source>
            <translation>Top-k</translation>
        </message>
        <message>
            <source>choose among this many words; 0 for all</source>
            <translation>elegir entre esta cantidad de palabras; 0 para todas</translation>
        </message>
        <message>
            <source>Top-p</source>
            <translation>Top-p</translation>
        </message>
        <message>
            <source>choose among the likeliest words that share this much probability; 1 for all</source>
            <translation>elegir entre las palabras más probables que suman esta probabilidad; 1 para todas</translation>
        </message>
        <message>
            <source>Min-p</source>
            <translation>Min-p</translation>
        </message>
        <message>
            <source>leave out words less likely than this share of the likeliest; 0 for none</source>
            <translation>descartar las palabras menos probables que esta fracción de la más probable; 0 para ninguna</translation>
        </message>
        <message>
            <source>Repetition penalty</source>
            <translation>Penalización por repetir</translation>
        </message>
        <message>
            <source>1 for none; higher avoids words already used</source>
            <translation>1 para ninguna; cuanto más alta, más evita palabras ya usadas</translation>
        </message>
        <message>
            <source>Answer length</source>
            <translation>Longitud de la respuesta</translation>
        </message>
        <message>
            <source>at most this many tokens, about 4 for 3 words; 0 until the answer is done</source>
            <translation>como máximo estos tokens, unos 4 por cada 3 palabras; 0 hasta que termine</translation>
        </message>
        <message>
            <source>tokens</source>
            <translation>tokens</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Semilla</translation>
        </message>
        <message>
            <source>the same seed gives the same answer again</source>
            <translation>la misma semilla da otra vez la misma respuesta</translation>
        </message>
        <message>
            <source>Reset these values</source>
            <translation>Restablecer estos valores</translation>
        </message>
        <message>
            <source>Style</source>
            <translation>Estilo</translation>
        </message>
        <message>
            <source>custom: the numbers below</source>
            <translation>propio: los números de abajo</translation>
        </message>
        <message>
            <source>the numbers below, in words</source>
            <translation>los números de abajo, con palabras</translation>
        </message>
    </context>
    <context>
        <name>AutoNumber</name>
        <message>
            <source>Auto</source>
            <translation>Automático</translation>
        </message>
        <message>
            <source>Choose</source>
            <translation>Elegir</translation>
        </message>
    </context>
    <context>
        <name>BuiltInPersonas</name>
        <message>
            <source>Helpful assistant</source>
            <translation>Asistente útil</translation>
        </message>
        <message>
            <source>You are a helpful assistant. Answer in the language of the question. Give the answer first, then a short explanation. If you are not sure, say so.</source>
            <translation>Eres un asistente útil. Responde en el idioma de la pregunta. Da primero la respuesta y después una explicación corta. Si no tienes seguridad, dilo.</translation>
        </message>
        <message>
            <source>Explainer for beginners</source>
            <translation>Explicaciones sencillas</translation>
        </message>
        <message>
            <source>You explain things to people who are new to them. Use everyday words and short sentences. Give one example from daily life. Explain every technical term you use. Finish with one sentence that sums it up.</source>
            <translation>Explicas cosas a personas que no las conocen. Usa palabras corrientes y frases cortas. Da un ejemplo de la vida diaria. Explica cada término técnico que uses. Termina con una frase que lo resuma.</translation>
        </message>
        <message>
            <source>Summariser</source>
            <translation>Resúmenes</translation>
        </message>
        <message>
            <source>You summarise the text you are given. Write one sentence with the main point, then three to five bullet points. Keep names, numbers and dates exactly as they are. Add nothing that is not in the text.</source>
            <translation>Resumes el texto que recibes. Escribe una frase con la idea principal y después de tres a cinco puntos. Deja los nombres, los números y las fechas exactamente como están. No añadas nada que no esté en el texto.</translation>
        </message>
        <message>
            <source>Proofreader</source>
            <translation>Corrección de textos</translation>
        </message>
        <message>
            <source>You correct spelling, grammar and punctuation. First write the whole corrected text in its own language. Then list the changes, one a line. Do not change the meaning or the style. If nothing is wrong, say so.</source>
            <translation>Corriges la ortografía, la gramática y la puntuación. Escribe primero todo el texto corregido en su propio idioma. Después haz una lista de los cambios, uno por línea. No cambies el sentido ni el estilo. Si no hay errores, dilo.</translation>
        </message>
        <message>
            <source>Translator</source>
            <translation>Traducción</translation>
        </message>
        <message>
            <source>You are a translator. Translate English into Spanish and any other language into English, unless you are asked for another language. Write only the translation. Keep the tone, the names, the numbers and the line breaks.</source>
            <translation>Traduces textos. Traduce el español al inglés y cualquier otro idioma al español, salvo que se te pida otro. Escribe solo la traducción. Conserva el tono, los nombres, los números y los saltos de línea.</translation>
        </message>
        <message>
            <source>Writing coach</source>
            <translation>Ayuda para escribir</translation>
        </message>
        <message>
            <source>You help people write better. Name one thing that works in their text. Then give the three changes that help most, each with the old and the new wording. Keep the writer&apos;s own voice.</source>
            <translation>Ayudas a escribir mejor. Nombra algo que funcione en el texto. Después da los tres cambios que más ayuden, cada uno con la frase antigua y la nueva. Conserva la voz de quien escribe.</translation>
        </message>
        <message>
            <source>E-mail writer</source>
            <translation>Redacción de correos</translation>
        </message>
        <message>
            <source>You write e-mails. Begin with a subject line. Say what it is about in the first sentence. Use short paragraphs and a polite, natural tone. Where a fact is missing, put it in square brackets, like [date].</source>
            <translation>Escribes correos electrónicos. Empieza con el asunto. Di de qué se trata en la primera frase. Usa párrafos cortos y un tono amable y natural. Si falta un dato, ponlo entre corchetes, como [fecha].</translation>
        </message>
        <message>
            <source>Brainstorm partner</source>
            <translation>Lluvia de ideas</translation>
        </message>
        <message>
            <source>You help people find ideas. Give ten different ideas as a numbered list, one line each. Mix practical ones with surprising ones. Do not judge them. End with one question that leads further.</source>
            <translation>Ayudas a encontrar ideas. Da diez ideas distintas en una lista numerada, una línea para cada una. Mezcla ideas prácticas y sorprendentes. No las juzgues. Termina con una pregunta que permita seguir.</translation>
        </message>
        <message>
            <source>Study tutor</source>
            <translation>Clases particulares</translation>
        </message>
        <message>
            <source>You are a patient tutor. Explain one step at a time. After each step ask one short question and wait for the answer. When the answer is wrong, say what was right in it, give a hint and let the person try again.</source>
            <translation>Das clases con paciencia. Explica un paso cada vez. Después de cada paso haz una pregunta corta y espera la respuesta. Si la respuesta es incorrecta, di qué tenía de bueno, da una pista y deja que la persona lo intente otra vez.</translation>
        </message>
        <message>
            <source>Programmer</source>
            <translation>Programación</translation>
        </message>
        <message>
            <source>You are an experienced programmer. Write complete code that can be run, in a code block that names its language. Use clear names and only common libraries. After the code explain in two or three sentences how it works.</source>
            <translation>Programas con mucha experiencia. Escribe código completo que se pueda ejecutar, en un bloque de código que indique el lenguaje. Usa nombres claros y solo bibliotecas comunes. Después del código explica en dos o tres frases cómo funciona.</translation>
        </message>
    </context>
    <context>
        <name>BuiltInPrompts</name>
        <message>
            <source>Summarise a text</source>
            <translation>Resumir un texto</translation>
        </message>
        <message>
            <source>Summarise this text in {{sentences|number}} sentences:

{{text|long}}</source>
            <translation>Resume este texto en {{frases|número}} frases:

{{texto|largo}}</translation>
        </message>
        <message>
            <source>Write an e-mail</source>
            <translation>Escribir un correo</translation>
        </message>
        <message>
            <source>Write a {{tone|friendly,formal,firm}} e-mail to {{recipient}}. It should say:

{{content|long}}</source>
            <translation>Escribe un correo {{tono|amable,formal,firme}} para {{destinatario}}. Debe decir:

{{contenido|largo}}</translation>
        </message>
        <message>
            <source>Answer a message</source>
            <translation>Responder a un mensaje</translation>
        </message>
        <message>
            <source>I received this message:

{{message|long}}

Write a short, {{tone|friendly,formal,firm}} answer that says: {{answer}}</source>
            <translation>He recibido este mensaje:

{{mensaje|largo}}

Escribe una respuesta corta y {{tono|amable,formal,firme}} que diga: {{respuesta}}</translation>
        </message>
        <message>
            <source>Translate</source>
            <translation>Traducir</translation>
        </message>
        <message>
            <source>Translate into {{language|Spanish,English,French,German,Italian,Portuguese}}. Write only the translation.

{{text|long}}</source>
            <translation>Traduce al {{idioma|inglés,español,francés,alemán,italiano,portugués}}. Escribe solo la traducción.

{{texto|largo}}</translation>
        </message>
        <message>
            <source>Correct a text</source>
            <translation>Corregir un texto</translation>
        </message>
        <message>
            <source>Correct the spelling and grammar of this text and keep its style. Then list what you changed.

{{text|long}}</source>
            <translation>Corrige la ortografía y la gramática de este texto sin cambiar su estilo. Después enumera los cambios.

{{texto|largo}}</translation>
        </message>
        <message>
            <source>Explain something</source>
            <translation>Explicar algo</translation>
        </message>
        <message>
            <source>Explain {{topic}} to {{reader|a child,a beginner,a student,an expert}}. Use one example.</source>
            <translation>Explica {{tema}} a {{lector|una niña,un principiante,una estudiante,un experto}}. Usa un ejemplo.</translation>
        </message>
        <message>
            <source>Find ideas</source>
            <translation>Buscar ideas</translation>
        </message>
        <message>
            <source>Give me {{how_many|number}} different ideas for {{topic}}, as a numbered list.</source>
            <translation>Dame {{cuántas|número}} ideas distintas para {{tema}}, en una lista numerada.</translation>
        </message>
        <message>
            <source>Make a plan</source>
            <translation>Hacer un plan</translation>
        </message>
        <message>
            <source>Today is {{date}}. Make a step-by-step plan for this goal: {{goal}}. I have {{time_available}}.</source>
            <translation>Hoy es {{date}}. Haz un plan paso a paso para este objetivo: {{objetivo}}. Tengo {{tiempo_disponible}}.</translation>
        </message>
        <message>
            <source>Weigh two options</source>
            <translation>Comparar dos opciones</translation>
        </message>
        <message>
            <source>Compare {{first_option}} with {{second_option}}: two advantages and two disadvantages of each. Then say for whom each one is the better choice.</source>
            <translation>Compara {{primera_opción}} con {{segunda_opción}}: dos ventajas y dos inconvenientes de cada una. Después di para quién es mejor cada una.</translation>
        </message>
        <message>
            <source>Tidy up notes</source>
            <translation>Ordenar unas notas</translation>
        </message>
        <message>
            <source>Turn these notes into a clear list: decisions, open questions, and who does what by when. Leave out what the notes do not say.

{{notes|long}}</source>
            <translation>Convierte estas notas en una lista clara: decisiones, preguntas abiertas, y quién hace qué y para cuándo. No añadas lo que las notas no dicen.

{{notas|largo}}</translation>
        </message>
        <message>
            <source>Quiz me</source>
            <translation>Hazme preguntas</translation>
        </message>
        <message>
            <source>Ask me {{questions|number}} questions about {{topic}}, one at a time. After each answer tell me whether it is right.</source>
            <translation>Hazme {{preguntas|número}} preguntas sobre {{tema}}, de una en una. Después de cada respuesta dime si es correcta.</translation>
        </message>
        <message>
            <source>Explain what I copied</source>
            <translation>Explicar lo copiado</translation>
        </message>
        <message>
            <source>Explain this in plain words:

{{clipboard}}</source>
            <translation>Explica esto con palabras sencillas:

{{clipboard}}</translation>
        </message>
    </context>
    <context>
        <name>ChatGptText</name>
        <message>
            <source>[image]</source>
            <translation>[imagen]</translation>
        </message>
        <message>
            <source>[voice message]</source>
            <translation>[mensaje de voz]</translation>
        </message>
        <message>
            <source>[file: %1]</source>
            <extracomment>%1: the name of a file that was sent along</extracomment>
            <translation>[archivo: %1]</translation>
        </message>
        <message>
            <source>[%1: not text]</source>
            <extracomment>%1: the technical name of a kind of content, for example &quot;canvas&quot;</extracomment>
            <translation>[%1: no es texto]</translation>
        </message>
    </context>
    <context>
        <name>ChatPage</name>
        <message>
            <source>No model is open. Open a model…</source>
            <translation>No hay ningún modelo abierto. Abrir un modelo…</translation>
        </message>
        <message>
            <source>Attach files</source>
            <translation>Adjuntar archivos</translation>
        </message>
        <message>
            <source>Text, tables, source code and PDF (*)</source>
            <translation>Texto, tablas, código fuente y PDF (*)</translation>
        </message>
    </context>
    <context>
        <name>ChatPanel</name>
        <message>
            <source>This chat</source>
            <translation>Este chat</translation>
        </message>
        <message>
            <source>Hide the panel</source>
            <translation>Ocultar el panel</translation>
        </message>
        <message>
            <source>Persona</source>
            <translation>Rol</translation>
        </message>
        <message>
            <source>This chat differs from it.</source>
            <translation>Este chat no coincide con él.</translation>
        </message>
        <message>
            <source>Keep in the persona</source>
            <translation>Guardar en el rol</translation>
        </message>
        <message>
            <source>Back to the persona</source>
            <translation>Volver al rol</translation>
        </message>
        <message>
            <source>Instructions</source>
            <translation>Instrucciones</translation>
        </message>
        <message>
            <source>Instructions for this chat</source>
            <translation>Instrucciones para este chat</translation>
        </message>
        <message>
            <source>Style</source>
            <translation>Estilo</translation>
        </message>
        <message>
            <source>Custom: the numbers under Advanced</source>
            <translation>Propio: los números de Avanzado</translation>
        </message>
        <message>
            <source>Answer length</source>
            <translation>Longitud de la respuesta</translation>
        </message>
        <message>
            <source>at most this many tokens, about 4 for 3 words; 0 until the answer is done</source>
            <translation>como máximo estos tokens, unos 4 por cada 3 palabras; 0 hasta que termine</translation>
        </message>
        <message>
            <source>tokens</source>
            <translation>tokens</translation>
        </message>
        <message>
            <source>When the chat is too long</source>
            <translation>Cuando el chat es demasiado largo</translation>
        </message>
        <message>
            <source>Leave out the oldest messages</source>
            <translation>Dejar fuera los mensajes más antiguos</translation>
        </message>
        <message>
            <source>Stop and ask me</source>
            <translation>Parar y preguntarme</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modelo</translation>
        </message>
        <message>
            <source>Whichever is open</source>
            <translation>El que esté abierto</translation>
        </message>
        <message>
            <source>Another model is open now.</source>
            <translation>Ahora hay otro modelo abierto.</translation>
        </message>
        <message>
            <source>Open its model</source>
            <translation>Abrir su modelo</translation>
        </message>
        <message>
            <source>Use the open model</source>
            <translation>Usar el modelo abierto</translation>
        </message>
        <message>
            <source>Advanced</source>
            <translation>Avanzado</translation>
        </message>
        <message>
            <source>Reset to the general settings</source>
            <translation>Volver a los ajustes generales</translation>
        </message>
    </context>
    <context>
        <name>ChatPanelNumbers</name>
        <message>
            <source>Temperature</source>
            <translation>Temperatura</translation>
        </message>
        <message>
            <source>0 always takes the likeliest word; higher is freer</source>
            <translation>con 0 elige siempre la palabra más probable; cuanto más alta, más libre</translation>
        </message>
        <message>
            <source>Top-k</source>
            <translation>Top-k</translation>
        </message>
        <message>
            <source>choose among this many words; 0 for all</source>
            <translation>elegir entre esta cantidad de palabras; 0 para todas</translation>
        </message>
        <message>
            <source>Top-p</source>
            <translation>Top-p</translation>
        </message>
        <message>
            <source>choose among the likeliest words that share this much probability; 1 for all</source>
            <translation>elegir entre las palabras más probables que suman esta probabilidad; 1 para todas</translation>
        </message>
        <message>
            <source>Min-p</source>
            <translation>Min-p</translation>
        </message>
        <message>
            <source>leave out words less likely than this share of the likeliest; 0 for none</source>
            <translation>descartar las palabras menos probables que esta fracción de la más probable; 0 para ninguna</translation>
        </message>
        <message>
            <source>Repetition penalty</source>
            <translation>Penalización por repetir</translation>
        </message>
        <message>
            <source>1 for none; higher avoids words already used</source>
            <translation>1 para ninguna; cuanto más alta, más evita palabras ya usadas</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Semilla</translation>
        </message>
        <message>
            <source>the same seed gives the same answer again</source>
            <translation>la misma semilla da otra vez la misma respuesta</translation>
        </message>
    </context>
    <context>
        <name>CodeBlock</name>
        <message>
            <source>code</source>
            <comment>label of a code block without a language</comment>
            <translation>código</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Copiado</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <source>Copy this code</source>
            <translation>Copiar este código</translation>
        </message>
    </context>
    <context>
        <name>Composer</name>
        <message>
            <source>Message Tercet</source>
            <translation>Escribe a Tercet</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Mensaje</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Detener</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>Enviar</translation>
        </message>
        <message>
            <source>Prompts</source>
            <translation>Plantillas</translation>
        </message>
        <message numerus="yes">
            <source>%n token(s)</source>
            <translation>
                <numerusform>%n token</numerusform>
                <numerusform>%n tokens</numerusform>
            </translation>
        </message>
        <message>
            <source>Attach a file</source>
            <translation>Adjuntar un archivo</translation>
        </message>
        <message>
            <source>The memory of this chat is nearly full</source>
            <translation>La memoria de este chat está casi llena</translation>
        </message>
        <message>
            <source>Save as a new version</source>
            <translation>Guardar como versión nueva</translation>
        </message>
        <message>
            <source>Reading the file…</source>
            <translation>Leyendo el archivo…</translation>
        </message>
        <message>
            <source>The memory of this chat is full</source>
            <translation>La memoria de este chat está llena</translation>
        </message>
        <message>
            <source>%1 to save</source>
            <extracomment>%1: the name of a key</extracomment>
            <translation>%1 para guardar</translation>
        </message>
        <message>
            <source>%1 to send</source>
            <translation>%1 para enviar</translation>
        </message>
    </context>
    <context>
        <name>ConfirmDialog</name>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
    </context>
    <context>
        <name>ConversationMenu</name>
        <message>
            <source>Rename</source>
            <translation>Cambiar el nombre</translation>
        </message>
        <message>
            <source>Unpin</source>
            <translation>Dejar de fijar</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>Fijar</translation>
        </message>
        <message>
            <source>Move to folder…</source>
            <translation>Mover a una carpeta…</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportar…</translation>
        </message>
        <message>
            <source>Delete folder</source>
            <translation>Eliminar la carpeta</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Eliminar</translation>
        </message>
    </context>
    <context>
        <name>CopyButton</name>
        <message>
            <source>Copied</source>
            <translation>Copiado</translation>
        </message>
    </context>
    <context>
        <name>DataSettings</name>
        <message>
            <source>Your data</source>
            <translation>Datos</translation>
        </message>
        <message>
            <source>all chats in one file, also to move to another computer</source>
            <translation>todos los chats en un archivo, también para pasarlos a otro equipo</translation>
        </message>
        <message>
            <source>Export everything…</source>
            <translation>Exportar todo…</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>Importar…</translation>
        </message>
        <message>
            <source>Import takes what Tercet exported and the data export of ChatGPT.</source>
            <translation>Se puede importar lo que exportó Tercet y la exportación de datos de ChatGPT.</translation>
        </message>
        <message>
            <source>Export everything</source>
            <translation>Exportar todo</translation>
        </message>
        <message>
            <source>Import chats</source>
            <translation>Importar chats</translation>
        </message>
        <message>
            <source>Exported chats (*.zip *.json)</source>
            <translation>Chats exportados (*.zip *.json)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Todos los archivos (*)</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Guardar</translation>
        </message>
    </context>
    <context>
        <name>DateSections</name>
        <message>
            <source>Today</source>
            <translation>Hoy</translation>
        </message>
        <message>
            <source>Yesterday</source>
            <translation>Ayer</translation>
        </message>
        <message>
            <source>Previous 7 days</source>
            <translation>Últimos 7 días</translation>
        </message>
        <message>
            <source>Previous 30 days</source>
            <translation>Últimos 30 días</translation>
        </message>
    </context>
    <context>
        <name>DeletedRow</name>
        <message>
            <source>Message in “%1”</source>
            <extracomment>%1: the title of a conversation</extracomment>
            <translation>Mensaje de «%1»</translation>
        </message>
        <message>
            <source>Restore</source>
            <translation>Restaurar</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>Eliminar para siempre</translation>
        </message>
    </context>
    <context>
        <name>DropHint</name>
        <message>
            <source>Drop files to attach them, or a model to open it</source>
            <translation>Suelta archivos para adjuntarlos o un modelo para abrirlo</translation>
        </message>
    </context>
    <context>
        <name>EditBanner</name>
        <message>
            <source>Editing the answer. The old version stays beside it.</source>
            <translation>Editando la respuesta. La versión anterior se conserva.</translation>
        </message>
        <message>
            <source>Editing your message. It is answered again; the old version stays beside it.</source>
            <translation>Editando tu mensaje. Se responderá de nuevo; la versión anterior se conserva.</translation>
        </message>
        <message>
            <source>Stop editing</source>
            <translation>Dejar de editar</translation>
        </message>
    </context>
    <context>
        <name>EditMenu</name>
        <message>
            <source>Cut</source>
            <translation>Cortar</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <source>Paste</source>
            <translation>Pegar</translation>
        </message>
        <message>
            <source>Select all</source>
            <translation>Seleccionar todo</translation>
        </message>
    </context>
    <context>
        <name>EmptyChat</name>
        <message>
            <source>Explain how photosynthesis works to a ten-year-old</source>
            <translation>Explica cómo funciona la fotosíntesis a una niña de diez años</translation>
        </message>
        <message>
            <source>Write a short, friendly e-mail asking to move a meeting to Friday</source>
            <translation>Escribe un correo breve y amable para pasar una reunión al viernes</translation>
        </message>
        <message>
            <source>Give me five ideas for a rainy Sunday at home</source>
            <translation>Dame cinco ideas para un domingo lluvioso en casa</translation>
        </message>
        <message>
            <source>What is the difference between weather and climate?</source>
            <translation>¿Qué diferencia hay entre el tiempo y el clima?</translation>
        </message>
        <message>
            <source>What shall we write?</source>
            <translation>¿Qué escribimos?</translation>
        </message>
        <message>
            <source>Everything you write stays on this computer. Small models make mistakes: check what matters.</source>
            <translation>Todo lo que escribes se queda en este ordenador. Los modelos pequeños se equivocan: comprueba lo importante.</translation>
        </message>
        <message>
            <source>Get a bigger model</source>
            <translation>Conseguir un modelo más grande</translation>
        </message>
        <message>
            <source>What can you do?</source>
            <translation>¿Qué sabes hacer?</translation>
        </message>
        <message>
            <source>What is a ternary model?</source>
            <translation>¿Qué es un modelo ternario?</translation>
        </message>
        <message>
            <source>How do I find the fastest settings?</source>
            <translation>¿Cómo busco los ajustes más rápidos?</translation>
        </message>
        <message>
            <source>Tell me a joke</source>
            <translation>Cuéntame un chiste</translation>
        </message>
        <message>
            <source>You are talking with a small guide that is part of Tercet: it knows the program and a little small talk, not the world. Everything you write stays on this computer.</source>
            <translation>Hablas con una pequeña guía que forma parte de Tercet: conoce el programa y algo de charla, no el mundo. Todo lo que escribes se queda en este ordenador.</translation>
        </message>
        <message>
            <source>Welcome to Tercet</source>
            <translation>Te damos la bienvenida a Tercet</translation>
        </message>
    </context>
    <context>
        <name>ErrorText</name>
        <message>
            <source>The file of your chats was damaged.</source>
            <translation>El archivo de los chats estaba dañado.</translation>
        </message>
        <message>
            <source>Recovered: %1 with %2.</source>
            <extracomment>%1: &quot;3 chats&quot;, %2: &quot;20 messages&quot;</extracomment>
            <translation>Se han recuperado %1 con %2.</translation>
        </message>
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
                <numerusform>%n mensaje</numerusform>
                <numerusform>%n mensajes</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n of them came from the backup.</source>
            <extracomment>after &quot;Recovered: 3 chats with 20 messages.&quot;</extracomment>
            <translation>
                <numerusform>%n de ellos procede de la copia de seguridad.</numerusform>
                <numerusform>%n de ellos proceden de la copia de seguridad.</numerusform>
            </translation>
        </message>
        <message>
            <source>The damaged file is kept as %1.</source>
            <extracomment>%1: a file name</extracomment>
            <translation>El archivo dañado se conserva como %1.</translation>
        </message>
        <message>
            <source>Today&apos;s backup of your chats couldn&apos;t be made.</source>
            <translation>No se ha podido hacer la copia de seguridad de hoy de los chats.</translation>
        </message>
        <message>
            <source>The disk is almost full. Your chats themselves are saved.</source>
            <translation>El disco está casi lleno. Los chats en sí están guardados.</translation>
        </message>
        <message>
            <source>The backup folder can&apos;t be written. Your chats themselves are saved.</source>
            <translation>No se puede escribir en la carpeta de copias de seguridad. Los chats en sí están guardados.</translation>
        </message>
        <message>
            <source>This model type isn&apos;t supported yet.</source>
            <extracomment>M-101</extracomment>
            <translation>Este tipo de modelo aún no es compatible.</translation>
        </message>
        <message>
            <source>Tercet runs BitNet b1.58 models in GGUF form. Choose one of those.</source>
            <translation>Tercet usa modelos BitNet b1.58 en formato GGUF. Elige uno de ellos.</translation>
        </message>
        <message>
            <source>The model file is incomplete.</source>
            <extracomment>M-102</extracomment>
            <translation>El archivo del modelo está incompleto.</translation>
        </message>
        <message>
            <source>Download or copy it again, or choose another file.</source>
            <translation>Descárgalo o cópialo de nuevo, o elige otro archivo.</translation>
        </message>
        <message>
            <source>Not enough memory.</source>
            <extracomment>M-103</extracomment>
            <translation>No hay memoria suficiente.</translation>
        </message>
        <message>
            <source>Choose a smaller context or batch in the settings, or close other programs.</source>
            <translation>Elige un contexto o un lote más pequeño en los ajustes, o cierra otros programas.</translation>
        </message>
        <message>
            <source>This processor can&apos;t run the chosen instruction set.</source>
            <extracomment>M-104</extracomment>
            <translation>Este procesador no admite el juego de instrucciones elegido.</translation>
        </message>
        <message>
            <source>Remove the TERCET_ISA setting so that Tercet chooses for itself.</source>
            <translation>Quita el valor de TERCET_ISA para que Tercet elija por sí mismo.</translation>
        </message>
        <message>
            <source>The model file isn&apos;t there.</source>
            <extracomment>M-105</extracomment>
            <translation>El archivo del modelo no está.</translation>
        </message>
        <message>
            <source>It may have been moved or renamed. Choose it again.</source>
            <translation>Puede que se haya movido o cambiado de nombre. Elígelo de nuevo.</translation>
        </message>
        <message>
            <source>That is a folder.</source>
            <extracomment>M-106</extracomment>
            <translation>Eso es una carpeta.</translation>
        </message>
        <message>
            <source>Choose the .gguf file inside it.</source>
            <translation>Elige el archivo .gguf que contiene.</translation>
        </message>
        <message>
            <source>The file is empty.</source>
            <extracomment>M-107</extracomment>
            <translation>El archivo está vacío.</translation>
        </message>
        <message>
            <source>This isn&apos;t a model file.</source>
            <extracomment>M-108</extracomment>
            <translation>Esto no es un archivo de modelo.</translation>
        </message>
        <message>
            <source>Tercet opens files in GGUF form; their names end in .gguf.</source>
            <translation>Tercet abre archivos en formato GGUF; sus nombres terminan en .gguf.</translation>
        </message>
        <message>
            <source>This version of the file format isn&apos;t supported.</source>
            <extracomment>M-109</extracomment>
            <translation>Esta versión del formato de archivo no es compatible.</translation>
        </message>
        <message>
            <source>Choose a GGUF file of version 2 or 3.</source>
            <translation>Elige un archivo GGUF de la versión 2 o 3.</translation>
        </message>
        <message>
            <source>The model file is damaged.</source>
            <extracomment>M-110</extracomment>
            <translation>El archivo del modelo está dañado.</translation>
        </message>
        <message>
            <source>Its tables contradict each other. Download or copy it again.</source>
            <translation>Sus tablas se contradicen. Descárgalo o cópialo de nuevo.</translation>
        </message>
        <message>
            <source>A part of the model is missing.</source>
            <extracomment>M-111</extracomment>
            <translation>Falta una parte del modelo.</translation>
        </message>
        <message>
            <source>Get the file from its publisher again.</source>
            <translation>Vuelve a obtener el archivo de quien lo publica.</translation>
        </message>
        <message>
            <source>A part of the model has the wrong shape.</source>
            <extracomment>M-112</extracomment>
            <translation>Una parte del modelo no tiene la forma correcta.</translation>
        </message>
        <message>
            <source>This kind of model file isn&apos;t supported yet.</source>
            <extracomment>M-113</extracomment>
            <translation>Esta clase de archivo de modelo aún no es compatible.</translation>
        </message>
        <message>
            <source>Its numbers are stored in a way Tercet doesn&apos;t read. Choose the I2_S file of the model.</source>
            <translation>Sus números están guardados de una forma que Tercet no lee. Elige el archivo I2_S del modelo.</translation>
        </message>
        <message>
            <source>The model&apos;s vocabulary is missing or damaged.</source>
            <extracomment>M-114</extracomment>
            <translation>El vocabulario del modelo falta o está dañado.</translation>
        </message>
        <message>
            <source>The model holds impossible numbers.</source>
            <extracomment>M-115</extracomment>
            <translation>El modelo contiene números imposibles.</translation>
        </message>
        <message>
            <source>The file is damaged. Get it from its publisher again.</source>
            <translation>El archivo está dañado. Vuelve a obtenerlo de quien lo publica.</translation>
        </message>
        <message>
            <source>The model describes itself in an impossible way.</source>
            <extracomment>M-116</extracomment>
            <translation>El modelo se describe de una forma imposible.</translation>
        </message>
        <message>
            <source>The file can&apos;t be read.</source>
            <extracomment>M-117</extracomment>
            <translation>No se puede leer el archivo.</translation>
        </message>
        <message>
            <source>Check its permissions and the drive it is on.</source>
            <translation>Comprueba sus permisos y la unidad en la que está.</translation>
        </message>
        <message>
            <source>The model file changed while it was in use.</source>
            <extracomment>M-118</extracomment>
            <translation>El archivo del modelo cambió mientras se usaba.</translation>
        </message>
        <message>
            <source>Load it again to go on.</source>
            <translation>Cárgalo otra vez para continuar.</translation>
        </message>
        <message>
            <source>This message is too long for the model.</source>
            <extracomment>C-301</extracomment>
            <translation>Este mensaje es demasiado largo para el modelo.</translation>
        </message>
        <message>
            <source>It is back in the message box. Shorten it or split it, or choose a larger context in the settings.</source>
            <translation>Está de nuevo en el cuadro de mensaje. Acórtalo o divídelo, o elige un contexto mayor en los ajustes.</translation>
        </message>
        <message>
            <source>The conversation is full.</source>
            <extracomment>C-302</extracomment>
            <translation>La conversación está llena.</translation>
        </message>
        <message>
            <source>The model has no room for another word. Start a new chat.</source>
            <translation>Al modelo no le cabe ni una palabra más. Empieza un chat nuevo.</translation>
        </message>
        <message>
            <source>This text can&apos;t be read.</source>
            <extracomment>C-303</extracomment>
            <translation>No se puede leer este texto.</translation>
        </message>
        <message>
            <source>It holds characters that aren&apos;t valid Unicode. Type or paste it again.</source>
            <translation>Contiene caracteres que no son Unicode válido. Escríbelo o pégalo de nuevo.</translation>
        </message>
        <message>
            <source>There is nothing the model could answer.</source>
            <extracomment>C-304</extracomment>
            <translation>No hay nada que el modelo pueda responder.</translation>
        </message>
        <message>
            <source>Write a message and send it again.</source>
            <translation>Escribe un mensaje y envíalo de nuevo.</translation>
        </message>
        <message>
            <source>A setting is out of range.</source>
            <extracomment>C-305</extracomment>
            <translation>Un ajuste está fuera de los límites.</translation>
        </message>
        <message>
            <source>The value from before stays in use.</source>
            <translation>Se sigue usando el valor anterior.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <extracomment>C-306</extracomment>
            <translation>Detenido.</translation>
        </message>
        <message>
            <source>Nothing was lost. Start again when you like.</source>
            <translation>No se ha perdido nada. Empieza de nuevo cuando quieras.</translation>
        </message>
        <message>
            <source>The conversation is longer than the model can read.</source>
            <extracomment>C-307</extracomment>
            <translation>La conversación es más larga de lo que el modelo puede leer.</translation>
        </message>
        <message>
            <source>Start a new chat, choose a larger context in the settings, or let Tercet leave out the oldest messages.</source>
            <translation>Empieza un chat nuevo, elige un contexto mayor en los ajustes o deja que Tercet omita los mensajes más antiguos.</translation>
        </message>
        <message>
            <source>The engine stopped unexpectedly.</source>
            <extracomment>E-401</extracomment>
            <translation>El motor se detuvo de forma inesperada.</translation>
        </message>
        <message>
            <source>What is written here is still there. Try again; if it happens once more, please report it.</source>
            <translation>Lo escrito aquí se conserva. Inténtalo de nuevo; si vuelve a ocurrir, avísanos.</translation>
        </message>
        <message>
            <source>Choose another file</source>
            <comment>button</comment>
            <translation>Elegir otro archivo</translation>
        </message>
        <message>
            <source>Open settings</source>
            <comment>button</comment>
            <translation>Abrir los ajustes</translation>
        </message>
        <message>
            <source>Try again</source>
            <comment>button</comment>
            <translation>Intentarlo de nuevo</translation>
        </message>
        <message>
            <source>Close the other model and try again</source>
            <comment>button</comment>
            <translation>Cerrar el otro modelo e intentarlo de nuevo</translation>
        </message>
        <message>
            <source>New chat</source>
            <comment>button</comment>
            <translation>Chat nuevo</translation>
        </message>
        <message>
            <source>Not enough memory for two models.</source>
            <translation>No hay memoria suficiente para dos modelos.</translation>
        </message>
        <message>
            <source>The model in use still fills its part, and %1 doesn&apos;t fit beside it. Close the other model first.</source>
            <extracomment>%1: a file name</extracomment>
            <translation>El modelo en uso sigue ocupando su parte y %1 no cabe junto a él. Cierra antes el otro modelo.</translation>
        </message>
        <message>
            <source>Open its model</source>
            <comment>button</comment>
            <translation>Abrir su modelo</translation>
        </message>
        <message>
            <source>Your chats can&apos;t be saved right now.</source>
            <translation>Ahora mismo no se pueden guardar los chats.</translation>
        </message>
        <message>
            <source>What you typed stays in the message box.</source>
            <translation>Lo que has escrito sigue en el cuadro de mensaje.</translation>
        </message>
        <message>
            <source>The disk is full. Free some space and try again.</source>
            <translation>El disco está lleno. Libera espacio e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>The folder of your chats can&apos;t be written. Check its permissions.</source>
            <translation>No se puede escribir en la carpeta de los chats. Comprueba sus permisos.</translation>
        </message>
        <message>
            <source>Another program is using the file of your chats.</source>
            <translation>Otro programa está usando el archivo de los chats.</translation>
        </message>
        <message>
            <source>The file of your chats is damaged.</source>
            <translation>El archivo de los chats está dañado.</translation>
        </message>
        <message>
            <source>Close Tercet and open it again: it then saves what can be read and keeps the damaged file.</source>
            <translation>Cierra Tercet y ábrelo de nuevo: salvará lo que se pueda leer y conservará el archivo dañado.</translation>
        </message>
        <message>
            <source>Your chats were written by a newer Tercet.</source>
            <translation>Los chats los escribió una versión más nueva de Tercet.</translation>
        </message>
        <message>
            <source>This version can&apos;t read them and leaves them as they are. Install the newer version.</source>
            <translation>Esta versión no puede leerlos y los deja como están. Instala la versión más nueva.</translation>
        </message>
        <message>
            <source>The disk reported an error.</source>
            <translation>El disco informó de un error.</translation>
        </message>
        <message>
            <source>Undo</source>
            <comment>button</comment>
            <translation>Deshacer</translation>
        </message>
        <message>
            <source>Leave out the oldest messages</source>
            <comment>button</comment>
            <translation>Omitir los mensajes más antiguos</translation>
        </message>
        <message>
            <source>en</source>
            <extracomment>The code of the language you translate to</extracomment>
            <translation>es</translation>
        </message>
        <message>
            <source>Show in folder</source>
            <comment>button</comment>
            <translation>Mostrar en la carpeta</translation>
        </message>
    </context>
    <context>
        <name>ExportDialog</name>
        <message>
            <source>Export the chat</source>
            <translation>Exportar el chat</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Guardar</translation>
        </message>
    </context>
    <context>
        <name>ExportMenu</name>
        <message>
            <source>Export as Markdown…</source>
            <translation>Exportar como Markdown…</translation>
        </message>
        <message>
            <source>Export as HTML…</source>
            <translation>Exportar como HTML…</translation>
        </message>
        <message>
            <source>Export as PDF…</source>
            <translation>Exportar como PDF…</translation>
        </message>
        <message>
            <source>Export as JSON, with everything…</source>
            <translation>Exportar como JSON, con todo…</translation>
        </message>
    </context>
    <context>
        <name>ExportText</name>
        <message>
            <source>Conversation</source>
            <translation>Conversación</translation>
        </message>
        <message>
            <source>You</source>
            <translation>Tú</translation>
        </message>
        <message>
            <source>Assistant</source>
            <translation>Asistente</translation>
        </message>
        <message>
            <source>Attached: %1</source>
            <translation>Adjunto: %1</translation>
        </message>
        <message>
            <source>This answer was stopped.</source>
            <translation>Esta respuesta se detuvo.</translation>
        </message>
        <message>
            <source>This answer was not finished.</source>
            <translation>Esta respuesta no se terminó.</translation>
        </message>
    </context>
    <context>
        <name>FileChip</name>
        <message>
            <source>File: %1</source>
            <translation>Archivo: %1</translation>
        </message>
        <message>
            <source>Remove %1</source>
            <translation>Quitar %1</translation>
        </message>
    </context>
    <context>
        <name>FindBar</name>
        <message>
            <source>Not found</source>
            <translation>No se encuentra</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 de %2</translation>
        </message>
        <message>
            <source>Find in this chat</source>
            <translation>Buscar en este chat</translation>
        </message>
        <message>
            <source>Previous place</source>
            <translation>Lugar anterior</translation>
        </message>
        <message>
            <source>Next place</source>
            <translation>Lugar siguiente</translation>
        </message>
        <message>
            <source>Close find</source>
            <translation>Cerrar la búsqueda</translation>
        </message>
    </context>
    <context>
        <name>FolderMenu</name>
        <message>
            <source>No folder</source>
            <translation>Sin carpeta</translation>
        </message>
        <message>
            <source>New folder…</source>
            <translation>Carpeta nueva…</translation>
        </message>
    </context>
    <context>
        <name>ForgottenDivider</name>
        <message>
            <source>The model no longer sees the messages above</source>
            <translation>El modelo ya no ve los mensajes de arriba</translation>
        </message>
    </context>
    <context>
        <name>GeneralSettings</name>
        <message>
            <source>Language</source>
            <translation>Idioma</translation>
        </message>
        <message>
            <source>of the window; the model answers in the language you write</source>
            <translation>de la ventana; el modelo responde en el idioma en que escribes</translation>
        </message>
        <message>
            <source>As the computer</source>
            <translation>El del ordenador</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Tema</translation>
        </message>
        <message>
            <source>System</source>
            <translation>Sistema</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Claro</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Oscuro</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Tamaño</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>Send with</source>
            <translation>Enviar con</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Atajos de teclado</translation>
        </message>
        <message>
            <source>off leaves only the keys of the message box</source>
            <translation>sin ellos quedan solo las teclas del cuadro de mensaje</translation>
        </message>
        <message>
            <source>On</source>
            <translation>Sí</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>No</translation>
        </message>
        <message>
            <source>Show the list…</source>
            <translation>Ver la lista…</translation>
        </message>
        <message>
            <source>Notifications</source>
            <translation>Notificaciones</translation>
        </message>
        <message>
            <source>when a long answer is ready and you are in another window</source>
            <translation>cuando una respuesta larga está lista y estás en otra ventana</translation>
        </message>
        <message>
            <source>Title only</source>
            <translation>Solo el título</translation>
        </message>
        <message>
            <source>With text</source>
            <translation>Con texto</translation>
        </message>
        <message>
            <source>also with %1, %2 and %3</source>
            <comment>keys</comment>
            <translation>también con %1, %2 y %3</translation>
        </message>
        <message>
            <source>%1 begins a new line</source>
            <comment>a key</comment>
            <translation>%1 empieza una línea nueva</translation>
        </message>
    </context>
    <context>
        <name>KeyNames</name>
        <message>
            <source>Ctrl</source>
            <translation>Ctrl</translation>
        </message>
        <message>
            <source>Shift</source>
            <translation>Mayús</translation>
        </message>
        <message>
            <source>Alt</source>
            <translation>Alt</translation>
        </message>
        <message>
            <source>Enter</source>
            <translation>Intro</translation>
        </message>
        <message>
            <source>Backspace</source>
            <translation>Retroceso</translation>
        </message>
        <message>
            <source>Tab</source>
            <translation>Tabulador</translation>
        </message>
        <message>
            <source>Esc</source>
            <translation>Esc</translation>
        </message>
        <message>
            <source>Up</source>
            <translation>Arriba</translation>
        </message>
        <message>
            <source>Down</source>
            <translation>Abajo</translation>
        </message>
        <message>
            <source>Page Up</source>
            <translation>Re Pág</translation>
        </message>
        <message>
            <source>Page Down</source>
            <translation>Av Pág</translation>
        </message>
        <message>
            <source>Home</source>
            <translation>Inicio</translation>
        </message>
        <message>
            <source>End</source>
            <translation>Fin</translation>
        </message>
    </context>
    <context>
        <name>LicenceEntry</name>
        <message>
            <source>Hide</source>
            <translation>Ocultar</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Mostrar</translation>
        </message>
        <message>
            <source>Hide the licence of %1</source>
            <translation>Ocultar la licencia de %1</translation>
        </message>
        <message>
            <source>Show the licence of %1</source>
            <translation>Mostrar la licencia de %1</translation>
        </message>
    </context>
    <context>
        <name>LoadBar</name>
        <message>
            <source>Opening %1 · %2 %</source>
            <translation>Abriendo %1 · %2 %</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Cancel opening the model</source>
            <translation>Cancelar la apertura del modelo</translation>
        </message>
    </context>
    <context>
        <name>LoadingCard</name>
        <message>
            <source>Opening %1</source>
            <translation>Abriendo %1</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Cancel opening the model</source>
            <translation>Cancelar la apertura del modelo</translation>
        </message>
    </context>
    <context>
        <name>Main</name>
        <message>
            <source>Open a model</source>
            <translation>Abrir un modelo</translation>
        </message>
        <message>
            <source>Model files (*.gguf)</source>
            <translation>Archivos de modelo (*.gguf)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Todos los archivos (*)</translation>
        </message>
    </context>
    <context>
        <name>MessageList</name>
        <message>
            <source>Conversation</source>
            <translation>Conversación</translation>
        </message>
        <message>
            <source>Jump to latest</source>
            <translation>Ir a lo último</translation>
        </message>
    </context>
    <context>
        <name>MessageMenu</name>
        <message>
            <source>Copy</source>
            <translation>Copiar</translation>
        </message>
        <message>
            <source>Copy as Markdown</source>
            <translation>Copiar como Markdown</translation>
        </message>
        <message>
            <source>Copy message</source>
            <translation>Copiar el mensaje</translation>
        </message>
        <message>
            <source>Select all</source>
            <translation>Seleccionar todo</translation>
        </message>
        <message>
            <source>How likely this word was</source>
            <translation>Lo probable que era esta palabra</translation>
        </message>
    </context>
    <context>
        <name>ModelButton</name>
        <message>
            <source>No model</source>
            <translation>Sin modelo</translation>
        </message>
        <message>
            <source>Model: %1</source>
            <translation>Modelo: %1</translation>
        </message>
        <message>
            <source>No model is open</source>
            <translation>No hay ningún modelo abierto</translation>
        </message>
        <message>
            <source>Open another model…</source>
            <translation>Abrir otro modelo…</translation>
        </message>
        <message>
            <source>Open a model…</source>
            <translation>Abrir un modelo…</translation>
        </message>
        <message>
            <source>Use the built-in guide</source>
            <translation>Usar la guía incluida</translation>
        </message>
        <message>
            <source>Part of Tercet. It knows the program and a little small talk, not the world.</source>
            <translation>Forma parte de Tercet. Conoce el programa y algo de charla, no el mundo.</translation>
        </message>
    </context>
    <context>
        <name>ModelSheet</name>
        <message>
            <source>Get a bigger model</source>
            <translation>Conseguir un modelo más grande</translation>
        </message>
    </context>
    <context>
        <name>NotAnswering</name>
        <message>
            <source>Tercet is already running, but does not answer</source>
            <translation>Tercet ya está abierto, pero no responde</translation>
        </message>
        <message>
            <source>It may be busy with something large: wait a moment and try again. If it stays like this, end it in the list of running programs of your computer. What you wrote is stored.</source>
            <translation>Puede estar ocupado con algo grande: espera un momento y vuelve a intentarlo. Si sigue así, ciérralo en la lista de programas en marcha de tu ordenador. Lo que escribiste está guardado.</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Volver a intentarlo</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
    </context>
    <context>
        <name>NoticeBar</name>
        <message>
            <source>Copy details</source>
            <translation>Copiar los detalles</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Cerrar el aviso</translation>
        </message>
    </context>
    <context>
        <name>NumberField</name>
        <message>
            <source>Enter a whole number from %1 to %2</source>
            <translation>Escribe un número entero de %1 a %2</translation>
        </message>
        <message>
            <source>Enter a number from %1 to %2</source>
            <translation>Escribe un número de %1 a %2</translation>
        </message>
    </context>
    <context>
        <name>OddsPanel</name>
        <message>
            <source>Words of an answer</source>
            <translation>Palabras de una respuesta</translation>
        </message>
        <message>
            <source>Click a word, or go from word to word with the arrow keys.</source>
            <translation>Haz clic en una palabra o pasa de una a otra con las flechas.</translation>
        </message>
        <message>
            <source>Words of an answer. Left and right go from word to word.</source>
            <translation>Palabras de una respuesta. Con izquierda y derecha se pasa de una a otra.</translation>
        </message>
        <message>
            <source>Word before</source>
            <translation>Palabra anterior</translation>
        </message>
        <message>
            <source>Word after</source>
            <translation>Palabra siguiente</translation>
        </message>
        <message>
            <source>%1 · computing</source>
            <translation>%1 · calculando</translation>
        </message>
        <message>
            <source>%1 · %2</source>
            <translation>%1 · %2</translation>
        </message>
        <message>
            <source>What else could have stood here</source>
            <translation>Qué otra cosa podría haber aquí</translation>
        </message>
        <message>
            <source>All other words together: %1.</source>
            <translation>Todas las demás palabras juntas: %1.</translation>
        </message>
        <message>
            <source>Shares as the model has them, at temperature 1 and before any filter of the settings.</source>
            <translation>Porcentajes tal como los da el modelo, a temperatura 1 y antes de los filtros de los ajustes.</translation>
        </message>
    </context>
    <context>
        <name>OddsRow</name>
        <message>
            <source>End the answer here</source>
            <translation>Terminar aquí la respuesta</translation>
        </message>
        <message>
            <source>Go on with this word</source>
            <translation>Seguir con esta palabra</translation>
        </message>
        <message>
            <source>%1, %2, written</source>
            <translation>%1, %2, escrita</translation>
        </message>
    </context>
    <context>
        <name>OpenModelCard</name>
        <message>
            <source>Microsoft&apos;s ternary model: questions, writing, summaries, simple maths. English first. MIT licence.</source>
            <translation>El modelo ternario de Microsoft: preguntas, textos, resúmenes, cálculos sencillos. Sobre todo en inglés. Licencia MIT.</translation>
        </message>
        <message>
            <source>Download %1 (1.2 GB) from %2 and open it here.</source>
            <translation>Descarga %1 (1,2 GB) de %2 y ábrelo aquí.</translation>
        </message>
        <message>
            <source>Open %1 in the browser</source>
            <translation>Abrir %1 en el navegador</translation>
        </message>
        <message>
            <source>I already have a file</source>
            <translation>Ya tengo un archivo</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
    </context>
    <context>
        <name>PageHeader</name>
        <message>
            <source>Show the sidebar</source>
            <translation>Mostrar la barra lateral</translation>
        </message>
        <message>
            <source>Back to the chat</source>
            <translation>Volver al chat</translation>
        </message>
        <message>
            <source>More about this chat</source>
            <translation>Más sobre este chat</translation>
        </message>
        <message>
            <source>Hide the settings of this chat</source>
            <translation>Ocultar los ajustes de este chat</translation>
        </message>
        <message>
            <source>Show the settings of this chat</source>
            <translation>Mostrar los ajustes de este chat</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
        <message>
            <source>Words of an answer</source>
            <translation>Palabras de una respuesta</translation>
        </message>
        <message>
            <source>Recently deleted</source>
            <translation>Eliminados recientemente</translation>
        </message>
        <message>
            <source>New chat</source>
            <translation>Chat nuevo</translation>
        </message>
    </context>
    <context>
        <name>PanelRow</name>
        <message>
            <source>%1: as in the settings</source>
            <translation>%1: como en los ajustes</translation>
        </message>
    </context>
    <context>
        <name>PdfText</name>
        <message>
            <source>%1 / %2</source>
            <extracomment>At the foot of a printed page: its number and how many there are</extracomment>
            <translation>%1 / %2</translation>
        </message>
    </context>
    <context>
        <name>PerformanceSettings</name>
        <message>
            <source>CPU threads</source>
            <translation>Hilos de CPU</translation>
        </message>
        <message>
            <source>using %1 of %2</source>
            <translation>usando %1 de %2</translation>
        </message>
        <message>
            <source>Batch size</source>
            <translation>Tamaño del lote</translation>
        </message>
        <message>
            <source>tokens read at once, using %1</source>
            <translation>tokens leídos a la vez, usando %1</translation>
        </message>
        <message>
            <source>, measured on this computer</source>
            <extracomment>Follows &quot;using 4 of 8&quot;, while that is what Auto comes to</extracomment>
            <translation>, medido en este ordenador</translation>
        </message>
        <message>
            <source>Memory of a chat</source>
            <translation>Memoria de un chat</translation>
        </message>
        <message>
            <source>context, in tokens</source>
            <translation>contexto, en tokens</translation>
        </message>
        <message>
            <source>context in tokens, using %1; the model takes %2 in memory</source>
            <translation>contexto en tokens, usando %1; el modelo ocupa %2 en memoria</translation>
        </message>
        <message>
            <source>Memory of a chat, in tokens</source>
            <translation>Memoria de un chat, en tokens</translation>
        </message>
        <message>
            <source>How a chat is kept in memory</source>
            <translation>Cómo se guarda un chat en la memoria</translation>
        </message>
        <message>
            <source>compact takes half the memory in long chats and can change answers</source>
            <translation>el modo compacto ocupa la mitad de memoria en chats largos y puede cambiar las respuestas</translation>
        </message>
        <message>
            <source>Exact (16-bit)</source>
            <translation>Exacto (16 bits)</translation>
        </message>
        <message>
            <source>Compact (8-bit)</source>
            <translation>Compacto (8 bits)</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Procesador</translation>
        </message>
        <message>
            <source>the instructions this computer is driven with</source>
            <translation>las instrucciones con que se usa este ordenador</translation>
        </message>
    </context>
    <context>
        <name>PersonaButton</name>
        <message>
            <source>No persona</source>
            <translation>Sin rol</translation>
        </message>
        <message>
            <source>Persona: %1</source>
            <translation>Rol: %1</translation>
        </message>
        <message>
            <source>as in the settings</source>
            <translation>como en los ajustes</translation>
        </message>
        <message>
            <source>changed here</source>
            <translation>cambiado aquí</translation>
        </message>
        <message>
            <source>Save this chat as a persona…</source>
            <translation>Guardar este chat como rol…</translation>
        </message>
        <message>
            <source>Edit personas…</source>
            <translation>Editar roles…</translation>
        </message>
    </context>
    <context>
        <name>PersonaEditor</name>
        <message>
            <source>Name</source>
            <translation>Nombre</translation>
        </message>
        <message>
            <source>It takes the instructions, the style, the answer length and the model of this chat.</source>
            <translation>Toma las instrucciones, el estilo, la longitud de la respuesta y el modelo de este chat.</translation>
        </message>
        <message>
            <source>Instructions</source>
            <translation>Instrucciones</translation>
        </message>
        <message>
            <source>who the model is and how it should answer</source>
            <translation>quién es el modelo y cómo debe responder</translation>
        </message>
        <message>
            <source>Style</source>
            <translation>Estilo</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Guardar</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
    </context>
    <context>
        <name>PersonaSheet</name>
        <message>
            <source>Personas</source>
            <translation>Roles</translation>
        </message>
        <message>
            <source>New persona</source>
            <translation>Nuevo rol</translation>
        </message>
        <message>
            <source>Edit the persona</source>
            <translation>Editar el rol</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>cambiado</translation>
        </message>
        <message>
            <source>Set “%1” back to how it came</source>
            <translation>Devolver «%1» a como venía</translation>
        </message>
        <message>
            <source>Edit “%1”</source>
            <translation>Editar «%1»</translation>
        </message>
        <message>
            <source>Make a copy of “%1”</source>
            <translation>Hacer una copia de «%1»</translation>
        </message>
        <message>
            <source>Delete “%1”</source>
            <translation>Eliminar «%1»</translation>
        </message>
        <message>
            <source>New from this chat</source>
            <translation>Nuevo a partir de este chat</translation>
        </message>
        <message>
            <source>Bring back the deleted ones</source>
            <translation>Recuperar los eliminados</translation>
        </message>
    </context>
    <context>
        <name>PrivacyPage</name>
        <message>
            <source>Stays here</source>
            <translation>Se queda aquí</translation>
        </message>
        <message>
            <source>Everything you write and everything the model answers stays on this computer. There is no account, and Tercet counts and reports nothing.</source>
            <translation>Todo lo que escribes y todo lo que responde el modelo se queda en este ordenador. No hace falta ninguna cuenta, y Tercet no registra ni comunica nada.</translation>
        </message>
        <message>
            <source>Connections</source>
            <translation>Conexiones</translation>
        </message>
        <message>
            <source>all that this version can make</source>
            <translation>todas las que puede hacer esta versión</translation>
        </message>
        <message>
            <source>None. Tercet does not look for updates either. A link that you click opens in your browser.</source>
            <translation>Ninguna. Tercet tampoco busca actualizaciones. Un enlace que pulsas se abre en tu navegador.</translation>
        </message>
        <message>
            <source>Last use of the network</source>
            <translation>Último uso de la red</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>Nunca</translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>What is kept</source>
            <translation>Lo que se guarda</translation>
        </message>
        <message>
            <source>to delete it all, close Tercet and delete the folder</source>
            <translation>para borrarlo todo, cierra Tercet y borra la carpeta</translation>
        </message>
        <message>
            <source>Your chats with the texts attached to them, copies of all that from the last days, what was deleted less than 30 days ago, personas, prompts, settings, measured speeds and when the network was used. It lies in this folder; models stay where you put them.</source>
            <translation>Tus chats con los textos adjuntos, copias de todo ello de los últimos días, lo eliminado hace menos de 30 días, los roles, las plantillas, los ajustes, las velocidades medidas y cuándo se usó la red. Está en esta carpeta; los modelos siguen donde los pusiste.</translation>
        </message>
        <message>
            <source>Show folder</source>
            <translation>Mostrar la carpeta</translation>
        </message>
        <message>
            <source>to download a model from %1</source>
            <translation>para descargar un modelo de %1</translation>
        </message>
        <message>
            <source>to reach %1</source>
            <translation>para conectar con %1</translation>
        </message>
    </context>
    <context>
        <name>PromptEditor</name>
        <message>
            <source>Title</source>
            <translation>Título</translation>
        </message>
        <message>
            <source>the first words of the text</source>
            <translation>las primeras palabras del texto</translation>
        </message>
        <message>
            <source>Text of the prompt</source>
            <translation>Texto de la plantilla</translation>
        </message>
        <message>
            <source>What you want to ask, with places to fill in</source>
            <translation>Lo que quieres pedir, con huecos para rellenar</translation>
        </message>
        <message>
            <source>Places to fill in: {{name}}, {{text|long}}, {{count|number}}, {{tone|formal,friendly}}. Filled by Tercet: {{date}}, {{time}}, {{clipboard}}. For the braces themselves write %1.</source>
            <translation>Huecos para rellenar: {{nombre}}, {{texto|largo}}, {{cantidad|número}}, {{tono|formal,amable}}. Los rellena Tercet: {{date}} (fecha), {{time}} (hora), {{clipboard}} (portapapeles). Para escribir las llaves usa %1.</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Guardar</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
    </context>
    <context>
        <name>PromptField</name>
        <message>
            <source>None: the model answers in its own way</source>
            <translation>Ninguna: el modelo responde a su manera</translation>
        </message>
    </context>
    <context>
        <name>PromptForm</name>
        <message>
            <source>The message</source>
            <translation>El mensaje</translation>
        </message>
        <message>
            <source>The message: %1</source>
            <translation>El mensaje: %1</translation>
        </message>
        <message>
            <source>Insert</source>
            <translation>Insertar</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
    </context>
    <context>
        <name>PromptList</name>
        <message>
            <source>Find a prompt</source>
            <translation>Buscar una plantilla</translation>
        </message>
        <message>
            <source>changed</source>
            <translation>cambiada</translation>
        </message>
        <message>
            <source>Set “%1” back to how it came</source>
            <translation>Devolver «%1» a como venía</translation>
        </message>
        <message>
            <source>Edit “%1”</source>
            <translation>Editar «%1»</translation>
        </message>
        <message>
            <source>Delete “%1”</source>
            <translation>Eliminar «%1»</translation>
        </message>
        <message>
            <source>No prompt has these words.</source>
            <translation>Ninguna plantilla tiene estas palabras.</translation>
        </message>
        <message>
            <source>New prompt</source>
            <translation>Nueva plantilla</translation>
        </message>
        <message>
            <source>Save my message as a prompt</source>
            <translation>Guardar mi mensaje como plantilla</translation>
        </message>
        <message>
            <source>Bring back the deleted ones</source>
            <translation>Recuperar las eliminadas</translation>
        </message>
    </context>
    <context>
        <name>PromptQuestion</name>
        <message>
            <source>a number</source>
            <translation>un número</translation>
        </message>
        <message>
            <source>Type or paste a text</source>
            <translation>Escribe o pega un texto</translation>
        </message>
    </context>
    <context>
        <name>PromptSheet</name>
        <message>
            <source>Prompts</source>
            <translation>Plantillas</translation>
        </message>
        <message>
            <source>New prompt</source>
            <translation>Nueva plantilla</translation>
        </message>
        <message>
            <source>Edit the prompt</source>
            <translation>Editar la plantilla</translation>
        </message>
    </context>
    <context>
        <name>ReadingProgress</name>
        <message>
            <source> · about %1 s</source>
            <translation> · unos %1 s</translation>
        </message>
        <message>
            <source> · about %1 min</source>
            <translation> · unos %1 min</translation>
        </message>
        <message>
            <source>Reading your message %1 %</source>
            <translation>Leyendo tu mensaje %1 %</translation>
        </message>
    </context>
    <context>
        <name>ReadmeText</name>
        <message>
            <source>These are your chats from Tercet.</source>
            <translation>Estos son los chats de Tercet.</translation>
        </message>
        <message>
            <source>conversations: each chat twice. The file that ends in .md can be read with any text editor and holds what the chat shows. The one that ends in .json holds everything: all versions of messages, also deleted ones, the settings, the figures of the answers and where the model file was.</source>
            <translation>conversations: cada chat dos veces. El archivo que termina en .md se puede leer con cualquier editor de texto y contiene lo que muestra el chat. El que termina en .json lo contiene todo: todas las versiones de los mensajes, también los eliminados, los ajustes, las cifras de las respuestas y dónde estaba el archivo del modelo.</translation>
        </message>
        <message>
            <source>library.json: your folders, personas and prompts.</source>
            <translation>library.json: las carpetas, los personajes y los prompts.</translation>
        </message>
        <message>
            <source>To bring them back, choose &quot;Import&quot; in the settings of Tercet and open this .zip file, or one of the .json files.</source>
            <translation>Para recuperarlos, se elige «Importar» en los ajustes de Tercet y se abre este archivo .zip, o uno de los archivos .json.</translation>
        </message>
        <message>
            <source>Whoever has this file can read your chats.</source>
            <translation>Quien tenga este archivo puede leer los chats.</translation>
        </message>
    </context>
    <context>
        <name>RecentlyDeletedPage</name>
        <message>
            <source>What you delete is kept here for 30 days, then it is gone for good.</source>
            <translation>Lo eliminado se guarda aquí 30 días y después desaparece para siempre.</translation>
        </message>
        <message>
            <source>Empty list</source>
            <translation>Vaciar la lista</translation>
        </message>
        <message>
            <source>Recently deleted</source>
            <translation>Eliminados recientemente</translation>
        </message>
        <message>
            <source>Nothing was deleted.</source>
            <translation>No hay nada eliminado.</translation>
        </message>
        <message>
            <source>Delete “%1” for good?</source>
            <extracomment>%1: the title of a conversation or the first words of a message</extracomment>
            <translation>¿Eliminar «%1» para siempre?</translation>
        </message>
        <message>
            <source>It cannot be brought back.</source>
            <translation>No se podrá recuperar.</translation>
        </message>
        <message>
            <source>Delete for good</source>
            <translation>Eliminar para siempre</translation>
        </message>
        <message numerus="yes">
            <source>Delete all %n item(s) for good?</source>
            <translation>
                <numerusform>¿Eliminar para siempre %n elemento?</numerusform>
                <numerusform>¿Eliminar para siempre los %n elementos?</numerusform>
            </translation>
        </message>
        <message>
            <source>They cannot be brought back.</source>
            <translation>No se podrán recuperar.</translation>
        </message>
    </context>
    <context>
        <name>RenameField</name>
        <message>
            <source>Name</source>
            <translation>Nombre</translation>
        </message>
    </context>
    <context>
        <name>Repairing</name>
        <message>
            <source>Your chats are being repaired</source>
            <translation>Se están reparando tus chats</translation>
        </message>
        <message>
            <source>Their file is damaged. What can be read of it is saved, and the damaged file is kept. With many chats this takes some minutes; Tercet opens when it is done.</source>
            <translation>Su archivo está dañado. Lo que se puede leer de él se salva, y el archivo dañado se conserva. Con muchos chats tarda unos minutos; Tercet se abre cuando acaba.</translation>
        </message>
    </context>
    <context>
        <name>SearchPalette</name>
        <message>
            <source>Search all chats</source>
            <translation>Buscar en todos los chats</translation>
        </message>
        <message>
            <source>Found</source>
            <translation>Encontrado</translation>
        </message>
        <message>
            <source>Recent chats</source>
            <translation>Chats recientes</translation>
        </message>
        <message>
            <source>Messages</source>
            <translation>Mensajes</translation>
        </message>
        <message>
            <source>Chats</source>
            <translation>Chats</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Fecha</translation>
        </message>
        <message>
            <source>Any time</source>
            <translation>Cualquier fecha</translation>
        </message>
        <message>
            <source>Last 7 days</source>
            <translation>Últimos 7 días</translation>
        </message>
        <message>
            <source>Last 30 days</source>
            <translation>Últimos 30 días</translation>
        </message>
        <message>
            <source>Last year</source>
            <translation>Último año</translation>
        </message>
        <message>
            <source>Nothing found</source>
            <translation>No se encontró nada</translation>
        </message>
        <message>
            <source>No chats yet</source>
            <translation>Aún no hay chats</translation>
        </message>
        <message>
            <source>No chats from that time</source>
            <translation>No hay chats de esas fechas</translation>
        </message>
        <message>
            <source>Try fewer or other words. Words in quotes are found side by side, -word leaves messages with it out.</source>
            <translation>Prueba con menos palabras o con otras. Las palabras entre comillas se buscan juntas; -palabra descarta los mensajes que la tienen.</translation>
        </message>
        <message>
            <source>Only the time that is chosen above was searched.</source>
            <translation>Solo se buscó en las fechas elegidas arriba.</translation>
        </message>
    </context>
    <context>
        <name>SearchRow</name>
        <message>
            <source>You: %1</source>
            <translation>Tú: %1</translation>
        </message>
    </context>
    <context>
        <name>SeedField</name>
        <message>
            <source>a new one each time</source>
            <translation>una nueva cada vez</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Semilla</translation>
        </message>
        <message>
            <source>Enter digits only, at most %1, or leave it empty</source>
            <translation>Escribe solo cifras, como máximo %1, o déjalo vacío</translation>
        </message>
    </context>
    <context>
        <name>SettingsPage</name>
        <message>
            <source>General</source>
            <translation>General</translation>
        </message>
        <message>
            <source>Performance</source>
            <translation>Rendimiento</translation>
        </message>
        <message>
            <source>Answers</source>
            <translation>Respuestas</translation>
        </message>
        <message>
            <source>About</source>
            <translation>Acerca de</translation>
        </message>
        <message>
            <source>How Tercet looks and behaves.</source>
            <translation>Qué aspecto tiene Tercet y cómo se comporta.</translation>
        </message>
        <message>
            <source>How fast Tercet reads and writes on this computer. Auto is right for nearly everyone.</source>
            <translation>Con qué rapidez lee y escribe Tercet en este ordenador. Automático es lo mejor para casi todo el mundo.</translation>
        </message>
        <message>
            <source>How the model chooses its words. These count from your next message on.</source>
            <translation>Cómo elige el modelo sus palabras. Vale a partir de tu próximo mensaje.</translation>
        </message>
        <message>
            <source>What is running, and what it is made of.</source>
            <translation>Qué está en marcha y de qué está hecho.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
        <message>
            <source>Privacy</source>
            <translation>Privacidad</translation>
        </message>
        <message>
            <source>What leaves this computer: nothing, unless you ask for it.</source>
            <translation>Qué sale de este ordenador: nada, salvo que lo pidas.</translation>
        </message>
    </context>
    <context>
        <name>Sheet</name>
        <message>
            <source>Close</source>
            <translation>Cerrar</translation>
        </message>
    </context>
    <context>
        <name>ShortcutList</name>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Atajos de teclado</translation>
        </message>
        <message>
            <source>Send</source>
            <translation>Enviar</translation>
        </message>
        <message>
            <source>New line</source>
            <translation>Línea nueva</translation>
        </message>
        <message>
            <source>Edit your last message, when the box is empty</source>
            <translation>Editar tu último mensaje, con el cuadro vacío</translation>
        </message>
        <message>
            <source>Prompts, when the box is empty</source>
            <translation>Plantillas, con el cuadro vacío</translation>
        </message>
        <message>
            <source>Stop the answer, or step back</source>
            <translation>Detener la respuesta o volver atrás</translation>
        </message>
        <message>
            <source>From one control to the next</source>
            <translation>De un control al siguiente</translation>
        </message>
        <message>
            <source>Everywhere in the window</source>
            <translation>En toda la ventana</translation>
        </message>
        <message>
            <source>Everywhere in the window (switched off in the settings)</source>
            <translation>En toda la ventana (desactivados en los ajustes)</translation>
        </message>
        <message>
            <source>Next and previous place found</source>
            <translation>Lugar encontrado siguiente y anterior</translation>
        </message>
        <message>
            <source>Rename a chat or folder, in the list of chats</source>
            <translation>Cambiar el nombre de un chat o una carpeta, en la lista de chats</translation>
        </message>
        <message>
            <source>Delete a chat, in the list of chats</source>
            <translation>Eliminar un chat, en la lista de chats</translation>
        </message>
        <message>
            <source>Insert a prompt that is filled in</source>
            <translation>Insertar una plantilla rellenada</translation>
        </message>
        <message>
            <source>Select the message before or after, in the conversation</source>
            <translation>Seleccionar el mensaje anterior o siguiente, en la conversación</translation>
        </message>
        <message>
            <source>Select a part of it</source>
            <translation>Seleccionar una parte de él</translation>
        </message>
        <message>
            <source>What can be done with a chat or a message</source>
            <translation>Qué se puede hacer con un chat o un mensaje</translation>
        </message>
        <message>
            <source>Scroll the conversation</source>
            <translation>Desplazar la conversación</translation>
        </message>
        <message>
            <source>Beginning and end of the conversation, when the box is empty</source>
            <translation>Principio y final de la conversación, con el cuadro vacío</translation>
        </message>
    </context>
    <context>
        <name>Shortcuts</name>
        <message>
            <source>New chat</source>
            <translation>Chat nuevo</translation>
        </message>
        <message>
            <source>Open a model</source>
            <translation>Abrir un modelo</translation>
        </message>
        <message>
            <source>Go to the message box</source>
            <translation>Ir al cuadro de mensaje</translation>
        </message>
        <message>
            <source>Search all chats</source>
            <translation>Buscar en todos los chats</translation>
        </message>
        <message>
            <source>Find in this chat</source>
            <translation>Buscar en este chat</translation>
        </message>
        <message>
            <source>Prompts</source>
            <translation>Plantillas</translation>
        </message>
        <message>
            <source>Panel “This chat”</source>
            <translation>Panel «Este chat»</translation>
        </message>
        <message>
            <source>Write the last answer again</source>
            <translation>Volver a escribir la última respuesta</translation>
        </message>
        <message>
            <source>Copy the last answer</source>
            <translation>Copiar la última respuesta</translation>
        </message>
        <message>
            <source>Larger</source>
            <translation>Más grande</translation>
        </message>
        <message>
            <source>Smaller</source>
            <translation>Más pequeño</translation>
        </message>
        <message>
            <source>Usual size</source>
            <translation>Tamaño normal</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
        <message>
            <source>This list</source>
            <translation>Esta lista</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Salir</translation>
        </message>
    </context>
    <context>
        <name>Sidebar</name>
        <message>
            <source>Sidebar</source>
            <translation>Barra lateral</translation>
        </message>
        <message>
            <source>New chat</source>
            <translation>Chat nuevo</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Ajustes</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Buscar</translation>
        </message>
        <message>
            <source>Recently deleted</source>
            <translation>Eliminados recientemente</translation>
        </message>
    </context>
    <context>
        <name>SidebarList</name>
        <message>
            <source>Conversations</source>
            <translation>Conversaciones</translation>
        </message>
        <message>
            <source>Your conversations appear here.</source>
            <translation>Aquí aparecen tus conversaciones.</translation>
        </message>
    </context>
    <context>
        <name>SidebarRow</name>
        <message>
            <source>An answer is being written</source>
            <translation>Se está escribiendo una respuesta</translation>
        </message>
        <message>
            <source>New answer</source>
            <translation>Respuesta nueva</translation>
        </message>
        <message>
            <source>Collapsed</source>
            <translation>Contraída</translation>
        </message>
        <message>
            <source>More</source>
            <translation>Más</translation>
        </message>
    </context>
    <context>
        <name>SpeedChart</name>
        <message>
            <source>%1 · tokens/s</source>
            <translation>%1 · tokens/s</translation>
        </message>
        <message>
            <source>%1 %2: %3 tokens per second, the fastest choice</source>
            <translation>%1 %2: %3 tokens por segundo, la opción más rápida</translation>
        </message>
        <message>
            <source>%1 %2: %3 tokens per second</source>
            <translation>%1 %2: %3 tokens por segundo</translation>
        </message>
    </context>
    <context>
        <name>StatsText</name>
        <message>
            <source>1 token</source>
            <extracomment>Figures under an answer: how many tokens it has</extracomment>
            <translation>1 token</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>%1 tokens</translation>
        </message>
        <message>
            <source>%1 · %2 tok/s</source>
            <extracomment>Figures under an answer: &quot;214 tokens&quot; and its speed in tokens per second</extracomment>
            <translation>%1 · %2 tok/s</translation>
        </message>
        <message>
            <source>%1 tokens read</source>
            <translation>%1 tokens leídos</translation>
        </message>
        <message>
            <source>First token after %1 s</source>
            <translation>Primer token tras %1 s</translation>
        </message>
        <message>
            <source>Seed %1</source>
            <translation>Semilla %1</translation>
        </message>
        <message>
            <source>1 thread</source>
            <translation>1 hilo</translation>
        </message>
        <message>
            <source>%1 threads</source>
            <translation>%1 hilos</translation>
        </message>
        <message>
            <source>First token after %1 ms</source>
            <translation>Primer token tras %1 ms</translation>
        </message>
    </context>
    <context>
        <name>StatusLine</name>
        <message>
            <source>Reading</source>
            <translation>Leyendo</translation>
        </message>
        <message>
            <source>Writing</source>
            <translation>Escribiendo</translation>
        </message>
        <message>
            <source>Stopping</source>
            <translation>Deteniendo</translation>
        </message>
        <message>
            <source>read %1</source>
            <translation>lectura %1</translation>
        </message>
        <message>
            <source>wrote %1</source>
            <translation>escritura %1</translation>
        </message>
        <message>
            <source>first token %1 s</source>
            <translation>primer token %1 s</translation>
        </message>
        <message>
            <source>%1 of %2 tokens</source>
            <translation>%1 de %2 tokens</translation>
        </message>
        <message numerus="yes">
            <source>%n thread(s)</source>
            <translation>
                <numerusform>%n hilo</numerusform>
                <numerusform>%n hilos</numerusform>
            </translation>
        </message>
        <message>
            <source> · batch %1</source>
            <translation> · lote %1</translation>
        </message>
        <message>
            <source>%1 tok/s</source>
            <translation>%1 tok/s</translation>
        </message>
        <message>
            <source>first token %1 ms</source>
            <translation>primer token %1 ms</translation>
        </message>
        <message>
            <source>%1 of %2 tokens, full</source>
            <translation>%1 de %2 tokens, lleno</translation>
        </message>
        <message>
            <source>%1 of %2 tokens, nearly full</source>
            <translation>%1 de %2 tokens, casi lleno</translation>
        </message>
    </context>
    <context>
        <name>StyleChoice</name>
        <message>
            <source>Style</source>
            <translation>Estilo</translation>
        </message>
        <message>
            <source>Focused</source>
            <translation>Preciso</translation>
        </message>
        <message>
            <source>Balanced</source>
            <translation>Equilibrado</translation>
        </message>
        <message>
            <source>Creative</source>
            <translation>Creativo</translation>
        </message>
    </context>
    <context>
        <name>TransferBar</name>
        <message>
            <source>Importing…</source>
            <translation>Importando…</translation>
        </message>
        <message>
            <source>Exporting…</source>
            <translation>Exportando…</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Stop the import</source>
            <translation>Detener la importación</translation>
        </message>
        <message>
            <source>Stop the export</source>
            <translation>Detener la exportación</translation>
        </message>
    </context>
    <context>
        <name>TransferText</name>
        <message>
            <source>The chat was exported.</source>
            <extracomment>%1: the name of a file</extracomment>
            <translation>El chat se ha exportado.</translation>
        </message>
        <message>
            <source>It is in %1.</source>
            <translation>Está en %1.</translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) exported.</source>
            <translation>
                <numerusform>%n chat exportado.</numerusform>
                <numerusform>%n chats exportados.</numerusform>
            </translation>
        </message>
        <message>
            <source>They are in %1. Whoever has this file can read them.</source>
            <extracomment>%1: the name of a file</extracomment>
            <translation>Están en %1. Quien tenga este archivo puede leerlos.</translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) had been imported by then and stay.</source>
            <translation>
                <numerusform>%n chat ya se había importado y se queda.</numerusform>
                <numerusform>%n chats ya se habían importado y se quedan.</numerusform>
            </translation>
        </message>
        <message>
            <source>The file can&apos;t be written.</source>
            <translation>No se puede escribir el archivo.</translation>
        </message>
        <message>
            <source>Check the folder&apos;s permissions, or choose another folder.</source>
            <translation>Conviene revisar los permisos de la carpeta o elegir otra.</translation>
        </message>
        <message>
            <source>There is no room for the file.</source>
            <translation>No hay espacio para el archivo.</translation>
        </message>
        <message>
            <source>The disk is full. Free some space or choose another disk. No half-written file was left.</source>
            <translation>El disco está lleno. Hay que liberar espacio o elegir otro disco. No quedó ningún archivo a medias.</translation>
        </message>
        <message>
            <source>The file can&apos;t be read.</source>
            <translation>No se puede leer el archivo.</translation>
        </message>
        <message>
            <source>Check its permissions and the drive it is on.</source>
            <translation>Conviene revisar sus permisos y la unidad en la que está.</translation>
        </message>
        <message>
            <source>There are no chats in this file.</source>
            <translation>No hay chats en este archivo.</translation>
        </message>
        <message>
            <source>Tercet imports what it exported (.json, .zip), and the data export of ChatGPT (.zip, conversations.json).</source>
            <translation>Tercet importa lo que exportó (.json, .zip) y la exportación de datos de ChatGPT (.zip, conversations.json).</translation>
        </message>
        <message>
            <source>The file is damaged.</source>
            <translation>El archivo está dañado.</translation>
        </message>
        <message>
            <source>Download or copy it again.</source>
            <translation>Hay que descargarlo o copiarlo otra vez.</translation>
        </message>
        <message>
            <source>The archive has a password.</source>
            <translation>El archivo tiene contraseña.</translation>
        </message>
        <message>
            <source>Unpack it with another program and import what is in it.</source>
            <translation>Se puede descomprimir con otro programa e importar lo que contiene.</translation>
        </message>
        <message>
            <source>The file is too large.</source>
            <translation>El archivo es demasiado grande.</translation>
        </message>
        <message>
            <source>It holds more than an export of chats ever does.</source>
            <translation>Contiene más de lo que llega a tener una exportación de chats.</translation>
        </message>
        <message>
            <source>The file was written by a newer Tercet.</source>
            <translation>El archivo lo escribió una versión más nueva de Tercet.</translation>
        </message>
        <message>
            <source>This version can&apos;t read it. Install the newer version.</source>
            <translation>Esta versión no puede leerlo. Hay que instalar la más nueva.</translation>
        </message>
        <message>
            <source>The chat in this file can&apos;t be used.</source>
            <translation>El chat de este archivo no se puede usar.</translation>
        </message>
        <message>
            <source>What it says contradicts itself. The details say where.</source>
            <translation>Lo que dice se contradice. Los detalles indican dónde.</translation>
        </message>
        <message>
            <source>Your chats can&apos;t be read right now.</source>
            <translation>Ahora no se pueden leer los chats.</translation>
        </message>
        <message>
            <source>Nothing was exported or imported. Try again.</source>
            <translation>No se exportó ni se importó nada. Se puede intentar otra vez.</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Detenido.</translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) imported.</source>
            <translation>
                <numerusform>%n chat importado.</numerusform>
                <numerusform>%n chats importados.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) were already here.</source>
            <translation>
                <numerusform>%n chat ya estaba aquí.</numerusform>
                <numerusform>%n chats ya estaban aquí.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n chat(s) could not be read. The details say why.</source>
            <translation>
                <numerusform>%n chat no se pudo leer. Los detalles dicen por qué.</numerusform>
                <numerusform>%n chats no se pudieron leer. Los detalles dicen por qué.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TuningPanel</name>
        <message>
            <source>Fastest settings</source>
            <translation>Ajustes más rápidos</translation>
        </message>
        <message>
            <source>Measure again</source>
            <translation>Medir otra vez</translation>
        </message>
        <message>
            <source>Find the fastest settings</source>
            <translation>Buscar los ajustes más rápidos</translation>
        </message>
        <message>
            <source>Stopping</source>
            <translation>Deteniendo</translation>
        </message>
        <message>
            <source>Measuring · %1 %</source>
            <translation>Midiendo · %1 %</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Cancelar</translation>
        </message>
        <message>
            <source>Cancel measuring</source>
            <translation>Cancelar la medición</translation>
        </message>
        <message>
            <source>For now: CPU threads %1, batch size %2</source>
            <translation>Por ahora: hilos de CPU %1, tamaño del lote %2</translation>
        </message>
        <message>
            <source>Fastest on this computer: CPU threads %1, batch size %2</source>
            <translation>Lo más rápido en este ordenador: hilos de CPU %1, tamaño del lote %2</translation>
        </message>
        <message>
            <source>The computer was busy with other programs, so these may not be the fastest settings. Measure again when those are done.</source>
            <translation>El ordenador estaba ocupado con otros programas, así que puede que estos ajustes no sean los más rápidos. Mida de nuevo cuando hayan terminado.</translation>
        </message>
        <message>
            <source>Writing</source>
            <translation>Al escribir</translation>
        </message>
        <message>
            <source>threads</source>
            <translation>hilos</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>Al leer</translation>
        </message>
        <message>
            <source>Reading, with the fastest thread count</source>
            <translation>Al leer, con el número de hilos más rápido</translation>
        </message>
        <message>
            <source>tokens in a batch</source>
            <translation>tokens en un lote</translation>
        </message>
        <message>
            <source>There was no time to compare larger batches, so the usual size stays.</source>
            <translation>No hubo tiempo para comparar lotes mayores, así que se mantiene el tamaño habitual.</translation>
        </message>
        <message>
            <source>Use these: set both to Auto</source>
            <translation>Usar estos: ambos en Automático</translation>
        </message>
    </context>
    <context>
        <name>UserMessage</name>
        <message>
            <source>Copy your message</source>
            <translation>Copiar tu mensaje</translation>
        </message>
        <message>
            <source>Edit your message</source>
            <translation>Editar tu mensaje</translation>
        </message>
        <message>
            <source>Delete your message</source>
            <translation>Eliminar tu mensaje</translation>
        </message>
        <message>
            <source>Answer this message</source>
            <translation>Responder a este mensaje</translation>
        </message>
    </context>
    <context>
        <name>VersionSwitch</name>
        <message>
            <source>Previous version</source>
            <translation>Versión anterior</translation>
        </message>
        <message>
            <source>%1 / %2</source>
            <extracomment>Which version of a message is shown, out of how many</extracomment>
            <translation>%1 / %2</translation>
        </message>
        <message>
            <source>Version %1 of %2</source>
            <translation>Versión %1 de %2</translation>
        </message>
        <message>
            <source>Next version</source>
            <translation>Versión siguiente</translation>
        </message>
    </context>
    <context>
        <name>WelcomePage</name>
        <message>
            <source>Welcome to Tercet</source>
            <translation>Te damos la bienvenida a Tercet</translation>
        </message>
        <message>
            <source>Everything you write stays on this computer. No account, no internet needed once a model is here.</source>
            <translation>Todo lo que escribes se queda en este ordenador. Sin cuenta y sin internet en cuanto el modelo esté aquí.</translation>
        </message>
        <message>
            <source>You can also drop a .gguf file anywhere on this window.</source>
            <translation>También puedes soltar un archivo .gguf en cualquier parte de esta ventana.</translation>
        </message>
    </context>
    <context>
        <name>tercet::ChatController</name>
        <message>
            <source>Older messages no longer fit.</source>
            <translation>Los mensajes más antiguos ya no caben.</translation>
        </message>
        <message>
            <source>The model no longer sees the oldest ones, drawn pale above. Your instructions stay.</source>
            <translation>El modelo ya no ve los más antiguos, que arriba aparecen atenuados. Tus instrucciones se conservan.</translation>
        </message>
        <message numerus="yes">
            <source>%n later message(s) are on the other version.</source>
            <translation>
                <numerusform>%n mensaje posterior está en la otra versión.</numerusform>
                <numerusform>%n mensajes posteriores están en la otra versión.</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing is lost: the arrows under the message lead back to them.</source>
            <translation>No se pierde nada: las flechas bajo el mensaje llevan de vuelta a ellos.</translation>
        </message>
        <message>
            <source>Message deleted.</source>
            <translation>Mensaje eliminado.</translation>
        </message>
        <message>
            <source>The model no longer sees it. It is kept for 30 days.</source>
            <translation>El modelo ya no lo ve. Se conserva 30 días.</translation>
        </message>
        <message>
            <source>%1 (copy)</source>
            <extracomment>%1: the title of a conversation; the title of its copy</extracomment>
            <translation>%1 (copia)</translation>
        </message>
        <message>
            <source>That message is no longer there.</source>
            <translation>Ese mensaje ya no está.</translation>
        </message>
        <message>
            <source>It may have been deleted since it was found.</source>
            <translation>Puede que se haya eliminado después de la búsqueda.</translation>
        </message>
        <message>
            <source>That message is on another version.</source>
            <translation>Ese mensaje está en otra versión.</translation>
        </message>
        <message>
            <source>It can be shown when the answer is done.</source>
            <translation>Se podrá mostrar cuando termine la respuesta.</translation>
        </message>
        <message>
            <source>The last answer was copied.</source>
            <translation>Se ha copiado la última respuesta.</translation>
        </message>
        <message>
            <source>There is no answer to copy yet.</source>
            <translation>Aún no hay ninguna respuesta que copiar.</translation>
        </message>
    </context>
    <context>
        <name>tercet::ChatSettingsView</name>
        <message>
            <source>This chat follows the general settings again.</source>
            <translation>Este chat vuelve a seguir los ajustes generales.</translation>
        </message>
        <message>
            <source>The instructions of this chat were replaced.</source>
            <translation>Las instrucciones de este chat se han sustituido.</translation>
        </message>
        <message>
            <source>This chat is meant for another model.</source>
            <translation>Este chat está pensado para otro modelo.</translation>
        </message>
        <message>
            <source>It asks for %1; %2 is open and would answer.</source>
            <extracomment>%1 and %2: file names of models</extracomment>
            <translation>Pide %1; está abierto %2 y sería el que respondiera.</translation>
        </message>
    </context>
    <context>
        <name>tercet::ConversationList</name>
        <message>
            <source>Without a title</source>
            <translation>Sin título</translation>
        </message>
        <message>
            <source>Pinned</source>
            <translation>Fijados</translation>
        </message>
        <message numerus="yes">
            <source>%n conversation(s)</source>
            <translation>
                <numerusform>%n conversación</numerusform>
                <numerusform>%n conversaciones</numerusform>
            </translation>
        </message>
        <message>
            <source>“%1” was deleted.</source>
            <extracomment>%1: the title of a conversation</extracomment>
            <translation>«%1» se eliminó.</translation>
        </message>
        <message>
            <source>It is kept for 30 days under Recently deleted.</source>
            <translation>Se conserva 30 días en Eliminados recientemente.</translation>
        </message>
        <message>
            <source>New folder</source>
            <translation>Carpeta nueva</translation>
        </message>
        <message>
            <source>The folder “%1” was deleted.</source>
            <extracomment>%1: the name of a folder</extracomment>
            <translation>La carpeta «%1» se eliminó.</translation>
        </message>
        <message>
            <source>Its conversations are listed by date again.</source>
            <translation>Sus chats vuelven a aparecer por fecha.</translation>
        </message>
    </context>
    <context>
        <name>tercet::DeletedList</name>
        <message>
            <source>Deleted %1</source>
            <extracomment>%1: a date</extracomment>
            <translation>Eliminado: %1</translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) left</source>
            <translation>
                <numerusform>Queda %n día</numerusform>
                <numerusform>Quedan %n días</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>tercet::DesktopNotifications::Service</name>
        <message>
            <source>Open</source>
            <translation>Abrir</translation>
        </message>
    </context>
    <context>
        <name>tercet::DraftAttachments</name>
        <message>
            <source>%1 can&apos;t be attached.</source>
            <extracomment>%1: the name of a file</extracomment>
            <translation>No se puede adjuntar %1.</translation>
        </message>
        <message>
            <source>Only files on this computer can be attached.</source>
            <translation>Solo se pueden adjuntar archivos de este ordenador.</translation>
        </message>
        <message>
            <source>It is larger than %1, more than any model here can read.</source>
            <translation>Ocupa más de %1, más de lo que puede leer cualquier modelo aquí.</translation>
        </message>
        <message>
            <source>It can&apos;t be read. Check its permissions.</source>
            <translation>No se puede leer. Comprueba sus permisos.</translation>
        </message>
        <message>
            <source>It isn&apos;t a text file. Text, tables, source code and PDF can be attached.</source>
            <translation>No es un archivo de texto. Se pueden adjuntar textos, tablas, código fuente y PDF.</translation>
        </message>
        <message>
            <source>Reading PDF needs the program pdftotext, part of poppler-utils. Install it and try again.</source>
            <translation>Para leer PDF hace falta el programa pdftotext, de poppler-utils. Instálalo e inténtalo de nuevo.</translation>
        </message>
        <message>
            <source>It is too long to be read.</source>
            <translation>Es demasiado largo para leerlo.</translation>
        </message>
        <message>
            <source>The PDF is damaged or protected by a password.</source>
            <translation>El PDF está dañado o protegido con contraseña.</translation>
        </message>
        <message>
            <source>There is no text in it.</source>
            <translation>No contiene texto.</translation>
        </message>
        <message>
            <source>It has %1 tokens, and the model reads %2 at most. Attach a part of it.</source>
            <translation>Tiene %1 tokens y el modelo lee %2 como máximo. Adjunta una parte.</translation>
        </message>
        <message>
            <source>A message that is edited keeps the files it has. Save it, or stop editing, and attach the file then.</source>
            <translation>Un mensaje que se edita conserva los archivos que tiene. Guárdalo, o deja de editarlo, y adjunta entonces el archivo.</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <extracomment>%1: the name of a file, %2: why it can&apos;t be attached, a sentence</extracomment>
            <translation>%1: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n file(s) can&apos;t be attached.</source>
            <translation>
                <numerusform>%n archivo no se puede adjuntar.</numerusform>
                <numerusform>%n archivos no se pueden adjuntar.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>tercet::ModelController</name>
        <message>
            <source>%1 GB</source>
            <translation>%1 GB</translation>
        </message>
        <message>
            <source>%1 MB</source>
            <translation>%1 MB</translation>
        </message>
        <message>
            <source>%1 · %2 in memory · %3</source>
            <extracomment>A loaded model: architecture, size in memory, instruction set</extracomment>
            <translation>%1 · %2 en memoria · %3</translation>
        </message>
        <message>
            <source>Only files on this computer can be opened.</source>
            <translation>Solo se pueden abrir archivos de este ordenador.</translation>
        </message>
        <message>
            <source>Download the model first, then choose the file.</source>
            <translation>Descarga primero el modelo y luego elige el archivo.</translation>
        </message>
        <message>
            <source>The model of last time didn&apos;t finish loading.</source>
            <translation>El modelo de la última vez no terminó de cargarse.</translation>
        </message>
        <message>
            <source>Tercet ended while it loaded %1, so it isn&apos;t loaded again by itself.</source>
            <extracomment>%1: a file name</extracomment>
            <translation>Tercet se cerró mientras cargaba %1, así que no se vuelve a cargar automáticamente.</translation>
        </message>
        <message>
            <source>This model remembers less than you chose.</source>
            <translation>Este modelo recuerda menos de lo que elegiste.</translation>
        </message>
        <message>
            <source>It was trained for %1 tokens, so that many are used.</source>
            <translation>Se entrenó para %1 tokens, así que se usan esos.</translation>
        </message>
        <message>
            <source>A setting is out of range.</source>
            <translation>Un ajuste está fuera de los límites.</translation>
        </message>
        <message>
            <source>This model was trained for %1 tokens; its context can&apos;t be longer. %2 stay in use.</source>
            <translation>Este modelo se entrenó para %1 tokens; su contexto no puede ser mayor. Se siguen usando %2.</translation>
        </message>
    </context>
    <context>
        <name>tercet::Notifier</name>
        <message>
            <source>Answer ready: %1</source>
            <extracomment>%1: the title of a chat</extracomment>
            <translation>Respuesta lista: %1</translation>
        </message>
    </context>
    <context>
        <name>tercet::OddsModel</name>
        <message>
            <source>end of the answer</source>
            <translation>fin de la respuesta</translation>
        </message>
        <message>
            <source>part of a character, %1</source>
            <extracomment>A token that is not a whole character; %1: its bytes</extracomment>
            <translation>parte de un carácter, %1</translation>
        </message>
        <message>
            <source>line break</source>
            <translation>salto de línea</translation>
        </message>
        <message>
            <source>space</source>
            <translation>espacio</translation>
        </message>
        <message>
            <source>%1 %</source>
            <extracomment>A share</extracomment>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>&lt; %1 %</source>
            <extracomment>A share that is smaller than %1 percent, but not zero</extracomment>
            <translation>&lt; %1 %</translation>
        </message>
    </context>
    <context>
        <name>tercet::Personas</name>
        <message>
            <source>%1 (copy)</source>
            <extracomment>%1: the name of a persona; the name of its copy</extracomment>
            <translation>%1 (copia)</translation>
        </message>
        <message>
            <source>Persona deleted.</source>
            <translation>Rol eliminado.</translation>
        </message>
        <message>
            <source>“%1” is gone from the list. Chats that use it keep their settings.</source>
            <extracomment>%1: the name of a persona</extracomment>
            <translation>«%1» ya no está en la lista. Los chats que lo usan conservan sus ajustes.</translation>
        </message>
        <message>
            <source>Persona set back.</source>
            <translation>Rol restablecido.</translation>
        </message>
        <message>
            <source>“%1” is as it came with Tercet.</source>
            <extracomment>%1: the name of a persona</extracomment>
            <translation>«%1» vuelve a estar como venía con Tercet.</translation>
        </message>
    </context>
    <context>
        <name>tercet::PromptLibrary</name>
        <message>
            <source>Prompt deleted.</source>
            <translation>Plantilla eliminada.</translation>
        </message>
        <message>
            <source>Prompt set back.</source>
            <translation>Plantilla restablecida.</translation>
        </message>
        <message>
            <source>“%1” is as it came with Tercet.</source>
            <extracomment>%1: the title of a prompt</extracomment>
            <translation>«%1» vuelve a estar como venía con Tercet.</translation>
        </message>
    </context>
    <context>
        <name>tercet::SearchModel</name>
        <message>
            <source>d MMM</source>
            <comment>a day of this year</comment>
            <translation>d MMM</translation>
        </message>
        <message>
            <source>d MMM yyyy</source>
            <comment>a day of another year</comment>
            <translation>d MMM yyyy</translation>
        </message>
        <message>
            <source>Chat: %1, %2</source>
            <comment>a title, a date</comment>
            <translation>Chat: %1, %2</translation>
        </message>
        <message>
            <source>You in “%1”, %2: %3</source>
            <comment>a title, a date, a piece of text</comment>
            <translation>Tú en «%1», %2: %3</translation>
        </message>
        <message>
            <source>Answer in “%1”, %2: %3</source>
            <comment>a title, a date, a piece of text</comment>
            <translation>Respuesta en «%1», %2: %3</translation>
        </message>
    </context>
    <context>
        <name>tercet::Settings</name>
        <message>
            <source>CPU threads</source>
            <translation>Hilos de CPU</translation>
        </message>
        <message>
            <source>Batch size</source>
            <translation>Tamaño del lote</translation>
        </message>
        <message>
            <source>Context length</source>
            <translation>Longitud del contexto</translation>
        </message>
        <message>
            <source>Compact memory</source>
            <translation>Memoria compacta</translation>
        </message>
        <message>
            <source>Temperature</source>
            <translation>Temperatura</translation>
        </message>
        <message>
            <source>Top-k</source>
            <translation>Top-k</translation>
        </message>
        <message>
            <source>Top-p</source>
            <translation>Top-p</translation>
        </message>
        <message>
            <source>Min-p</source>
            <translation>Min-p</translation>
        </message>
        <message>
            <source>Repetition penalty</source>
            <translation>Penalización por repetir</translation>
        </message>
        <message>
            <source>Answer length</source>
            <translation>Longitud de la respuesta</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Semilla</translation>
        </message>
        <message>
            <source>System prompt</source>
            <translation>Mensaje de sistema</translation>
        </message>
        <message>
            <source>Theme</source>
            <translation>Tema</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Idioma</translation>
        </message>
        <message>
            <source>Zoom</source>
            <translation>Zoom</translation>
        </message>
        <message>
            <source>Enter sends</source>
            <translation>Intro envía</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>Ventana</translation>
        </message>
        <message>
            <source>Last model</source>
            <translation>Último modelo</translation>
        </message>
        <message>
            <source>A setting is out of range.</source>
            <translation>Un ajuste está fuera de los límites.</translation>
        </message>
        <message>
            <source>%1 can be %2. The value from before stays.</source>
            <extracomment>%1: the name of a setting, %2: its range, e.g. &quot;0 – 8&quot;</extracomment>
            <translation>%1 puede ser %2. Se conserva el valor anterior.</translation>
        </message>
        <message>
            <source>The settings file was damaged.</source>
            <translation>El archivo de ajustes estaba dañado.</translation>
        </message>
        <message>
            <source>Tercet starts with the usual settings. The old file is kept as settings.ini.damaged.</source>
            <translation>Tercet empieza con los ajustes habituales. El archivo anterior se conserva como settings.ini.damaged.</translation>
        </message>
        <message>
            <source>Some settings couldn&apos;t be used.</source>
            <translation>Algunos ajustes no se pudieron usar.</translation>
        </message>
        <message>
            <source>They are out of range on this computer, so the usual values are used instead.</source>
            <translation>Están fuera de los límites en este ordenador, así que se usan los valores habituales.</translation>
        </message>
        <message>
            <source>Settings can&apos;t be saved.</source>
            <translation>No se pueden guardar los ajustes.</translation>
        </message>
        <message>
            <source>Changes hold until you close Tercet. Check the folder in the details.</source>
            <translation>Los cambios valen hasta que cierres Tercet. Comprueba la carpeta que figura en los detalles.</translation>
        </message>
        <message>
            <source>Last chat</source>
            <translation>Último chat</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Atajos de teclado</translation>
        </message>
        <message>
            <source>Notifications</source>
            <translation>Notificaciones</translation>
        </message>
    </context>
    <context>
        <name>tercet::TranscriptModel</name>
        <message>
            <source>You: %1</source>
            <translation>Tú: %1</translation>
        </message>
        <message>
            <source>To do: </source>
            <translation>Por hacer: </translation>
        </message>
        <message>
            <source>Done: </source>
            <translation>Hecho: </translation>
        </message>
        <message>
            <source>Answer: %1</source>
            <translation>Respuesta: %1</translation>
        </message>
    </context>
    <context>
        <name>tercet::TuningController</name>
        <message>
            <source>Possible when the model is loaded.</source>
            <translation>Posible cuando el modelo esté cargado.</translation>
        </message>
        <message>
            <source>Open a model first.</source>
            <translation>Abre primero un modelo.</translation>
        </message>
        <message>
            <source>Possible when the answer is written.</source>
            <translation>Posible cuando la respuesta esté escrita.</translation>
        </message>
        <message>
            <source>Tries thread counts and batch sizes, for at most half a minute.</source>
            <translation>Prueba números de hilos y tamaños de lote durante medio minuto como máximo.</translation>
        </message>
        <message>
            <source>The fastest settings can&apos;t be saved.</source>
            <translation>No se pueden guardar los ajustes más rápidos.</translation>
        </message>
        <message>
            <source>They hold until you close Tercet. Check the folder in the details.</source>
            <translation>Valen hasta que cierres Tercet. Comprueba la carpeta en los detalles.</translation>
        </message>
    </context>
    <context>
        <name>tercet::WordOdds</name>
        <message>
            <source>There are no words in this answer.</source>
            <translation>No hay palabras en esta respuesta.</translation>
        </message>
        <message>
            <source>This text was changed by hand. The figures say how likely the model finds it.</source>
            <translation>Este texto se cambió a mano. Las cifras dicen lo probable que le parece al modelo.</translation>
        </message>
        <message>
            <source>Written by another model. The figures say how likely the open one finds it.</source>
            <translation>Lo escribió otro modelo. Las cifras dicen lo probable que le parece al que está abierto.</translation>
        </message>
        <message>
            <source>It isn&apos;t known how this text was cut into words. The figures say how likely the model finds it.</source>
            <translation>No se sabe cómo se dividió este texto en palabras. Las cifras dicen lo probable que le parece al modelo.</translation>
        </message>
        <message>
            <source>An answer is being written in another chat. The figures come when it is done.</source>
            <translation>Se está escribiendo una respuesta en otro chat. Las cifras aparecen cuando termine.</translation>
        </message>
        <message>
            <source>What stands before this word is longer than the model can read now.</source>
            <translation>Lo que hay antes de esta palabra es más largo de lo que el modelo puede leer ahora.</translation>
        </message>
    </context>
</TS>
