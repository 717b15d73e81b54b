# Deutsch (German)
# Syntax: https://projectfluent.org/fluent/guide/

## Felder und Schaltflächen

field-email = E-Mail-Adresse
field-code = Code
field-password = Neues Passwort
field-confirm = Passwort bestätigen

button-request = Link zum Zurücksetzen des Passworts senden
button-sent = E-Mail gesendet
button-again = Erneut senden
button-code = Weiter
button-reset = Passwort zurücksetzen
button-show = Passwort anzeigen
button-hide = Passwort verbergen
button-cancel = Zurücksetzen abbrechen

## Seiten

# $support: how the app says that people reach it, for example an address.
page-support = Brauchen Sie Hilfe? { $support }
# Shown by the script when the server does not answer at all.
page-unreachable = Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.
page-offline = Sie sind offline. Sobald Sie wieder verbunden sind, können Sie weitermachen.
page-slow = Der Server braucht zu lange für eine Antwort. Bitte versuchen Sie es noch einmal.
# $time: for example "8 minutes".
page-too-many-requests = Zu viele Anfragen. Bitte versuchen Sie es in { $time } noch einmal.
page-problem-title = Das hat nicht geklappt
page-again = Neuen Link anfordern

page-request-title = Passwort zurücksetzen
page-request-intro = Geben Sie die E-Mail-Adresse Ihres Kontos ein. Wir senden Ihnen einen Link, mit dem Sie ein neues Passwort wählen können.
page-request-code = Haben Sie schon einen Code? Geben Sie ihn hier ein.

page-sent-title = Prüfen Sie Ihren Posteingang
# $email: the address that was typed in, which need not belong to an account.
page-sent-status = Wenn es ein Konto für { $email } gibt, ist eine E-Mail dorthin unterwegs. Bitte sehen Sie in Ihrem Posteingang nach und auch im Spam-Ordner.
# $time: minutes and seconds, which are counted down, such as 1:00.
page-sent-wait = Nichts angekommen? In { $time } können Sie die E-Mail erneut senden lassen.
# $lifetime: for example "30 minutes".
page-sent-limit =
    { $count ->
        [one] In { $lifetime } geht höchstens { $count } E-Mail an eine Adresse. Wer öfter fragt, bekommt keine weitere.
       *[other] In { $lifetime } gehen höchstens { $count } E-Mails an eine Adresse, und die Links in allen funktionieren. Wer öfter fragt, bekommt keine weitere.
    }
page-sent-wrong = Falsche Adresse?
page-sent-code = Lesen Sie Ihre E-Mails auf einem anderen Gerät? Dann geben Sie hier den Code aus der E-Mail ein.

page-code-title = Code eingeben
page-code-intro = In der E-Mail, die wir Ihnen gesendet haben, steht neben dem Link auch ein Code. Er sieht so aus: { $example }
page-code-wrong = Dieser Code stimmt nicht oder ist nicht mehr gültig. Vergleichen Sie ihn mit der neuesten E-Mail, oder lassen Sie sich einen neuen senden.

page-reset-title = Neues Passwort wählen
page-rule-length = { $min } bis { $max } beliebige Zeichen
page-rule-bytes = höchstens { $max } Bytes: Buchstaben von A bis Z, Ziffern und gängige Satzzeichen belegen ein Byte, alle anderen Zeichen zwei bis vier
page-rule-personal = mehr als Ihre E-Mail-Adresse oder der Name dieses Dienstes
page-rule-runs = mehr als wiederholte oder aufeinanderfolgende Zeichen wie aaaa oder 1234
page-rule-known = Auch Ihr Name und gestohlene oder häufige Passwörter werden abgelehnt. Am besten sind ein paar ungewöhnliche Wörter.
page-rule-rest = Auch Ihr Name und leicht zu erratende Passwörter werden abgelehnt. Am besten sind ein paar ungewöhnliche Wörter.
# Said, not shown, behind a rule that is kept.
page-rule-met = erfüllt
page-caps-lock = Die Feststelltaste ist aktiviert.

page-done-title = Fertig
page-done-status = Das Passwort wurde erfolgreich geändert.
page-done-sessions = Überall, wo Sie bisher angemeldet waren, müssen Sie sich neu anmelden.
page-done-next = In einigen Sekunden öffnet sich die Anmeldeseite.
page-done-login = Zurück zur Anmeldeseite

page-dead-title = Dieser Link oder Code ist nicht mehr gültig
page-dead-text = Ein Link oder Code funktioniert nur einmal und nur für kurze Zeit. Sie können sich einen neuen senden lassen.
page-used-title = Ihr Passwort wurde geändert
page-used-text = Das Passwort wurde mit diesem Link geändert oder mit einem anderen aus derselben Zeit. Sie können sich mit dem neuen Passwort anmelden.
page-expired-title = Dieser Link ist abgelaufen
page-expired-text = Ein Link funktioniert nur für kurze Zeit. Sie können sich einen neuen senden lassen.

page-cancel-title = Das waren nicht Sie?
# $email: the address that the mail was sent to.
page-cancel-intro = Jemand möchte das Passwort für { $email } zurücksetzen. Wenn Sie das nicht waren, können Sie hier alle Links und Codes ungültig machen, die wir gesendet haben. Das Passwort bleibt, wie es ist.
page-cancelled-title = Das Zurücksetzen wurde abgebrochen
page-cancelled-status = Alle Links und Codes, die wir Ihnen gesendet haben, sind jetzt ungültig. Ihr Passwort wurde nicht geändert.
page-cancelled-advice = Wenn Sie weiterhin solche E-Mails bekommen, gibt vielleicht jemand versehentlich Ihre Adresse ein. Sie können diese E-Mails ignorieren.
page-gone-title = Dieser Link kann nichts abbrechen
page-gone-text = Er ist abgelaufen, oder er wurde schon verwendet oder für ungültig erklärt. Wenn Sie eine neuere E-Mail bekommen haben, die Sie nicht angefordert haben, brechen Sie mit dem Link in dieser E-Mail ab.

## E-Mails

mail-greeting = Guten Tag,
mail-greeting-name = Guten Tag { $name },
mail-support = Haben Sie Fragen? { $support }
mail-username = Ihr Benutzername: { $username }

mail-reset-subject = Ihr Passwort für { $app } zurücksetzen
# Shown beside the subject. $lifetime: for example "30 minutes".
mail-reset-preheader = Ein Link, mit dem Sie ein neues Passwort wählen können. Er ist { $lifetime } gültig.
mail-reset-intro = jemand hat darum gebeten, das Passwort Ihres Kontos bei { $app } zurückzusetzen.
mail-reset-button = Neues Passwort wählen
# Stands above the link in the plain text. $lifetime: for example "30 minutes".
mail-reset-link = Um ein neues Passwort zu wählen, öffnen Sie diesen Link. Er ist { $lifetime } gültig:
# Stands above the same link in the HTML, below the button.
mail-reset-link-instead = Die Schaltfläche ist { $lifetime } gültig. Wenn sie nicht funktioniert, öffnen Sie diesen Link:
mail-reset-code = Oder geben Sie diesen Code dort ein, wo Sie das Zurücksetzen angefordert haben. Er ist { $lifetime } gültig:
# $time: for example "2026-01-31 09:30 UTC".
mail-reset-origin = Die Anfrage kam am { $time } von der IP-Adresse { $ip }.
mail-reset-ignore = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.
# Stands above the button "This wasn't me", or above its link in the plain text.
mail-reset-cancel-intro = Sie können den Link und den Code auch sofort ungültig machen:
mail-reset-cancel = Das war ich nicht
mail-reset-secrecy = Geben Sie den Link und den Code niemals an andere weiter.

mail-external-sign-in-subject = So melden Sie sich bei { $app } an
mail-external-sign-in-preheader = Dieses Konto hat kein Passwort. So melden Sie sich an.
mail-external-sign-in-intro = jemand hat darum gebeten, das Passwort Ihres Kontos bei { $app } zurückzusetzen. Dieses Konto hat kein Passwort.
mail-external-sign-in-provider = Sie melden sich mit { $provider } an.
mail-external-sign-in-other = Sie melden sich über ein anderes Konto an, zum Beispiel das Ihres Arbeitgebers oder eines großen Anbieters.
mail-external-sign-in-button = Zur Anmeldeseite
mail-external-sign-in-ignore = Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Es wurde nichts geändert.

mail-changed-subject = Ihr Passwort für { $app } wurde geändert
mail-changed-preheader = Wenn Sie das nicht waren, handeln Sie jetzt.
mail-changed-intro = das Passwort Ihres Kontos bei { $app } wurde am { $time } geändert.
mail-changed-sessions = Überall, wo Sie bisher angemeldet waren, müssen Sie sich neu anmelden.
mail-changed-ignore = Wenn Sie das waren, brauchen Sie nichts zu tun.
mail-changed-alarm = Wenn Sie das nicht waren, kann es sein, dass jemand anderes Ihre E-Mails liest. Sichern Sie zuerst Ihr E-Mail-Postfach und wählen Sie dann ein neues Passwort:
mail-changed-button = Passwort erneut zurücksetzen

duration-hours =
    { $count ->
        [one] { $count } Stunde
       *[other] { $count } Stunden
    }
duration-minutes =
    { $count ->
        [one] { $count } Minute
       *[other] { $count } Minuten
    }
duration-seconds =
    { $count ->
        [one] { $count } Sekunde
       *[other] { $count } Sekunden
    }

## Warum ein Passwort nicht akzeptiert wird

password-too-short =
    { $min ->
        [one] Verwenden Sie mindestens { $min } Zeichen.
       *[other] Verwenden Sie mindestens { $min } Zeichen.
    }
password-too-long =
    { $max ->
        [one] Verwenden Sie höchstens { $max } Zeichen.
       *[other] Verwenden Sie höchstens { $max } Zeichen.
    }
password-too-many-bytes = Verwenden Sie ein kürzeres Passwort: höchstens { $max } Bytes. Umlaute, andere Schriften und Emojis belegen jeweils mehrere Bytes.
password-contains-nul = Verwenden Sie im Passwort nicht das Nullzeichen (NUL).
password-contains-line-break = Lassen Sie den Zeilenumbruch im Passwort weg: Kein Anmeldeformular kann ihn senden.
password-contains-address = Verwenden Sie im Passwort nicht Ihre E-Mail-Adresse.
password-contains-name = Verwenden Sie im Passwort nicht Ihren Namen.
password-contains-app-name = Verwenden Sie im Passwort nicht den Namen dieses Dienstes.
password-known = Dieses Passwort ist Angreifern bekannt: Es steht auf Listen gestohlener und häufiger Passwörter. Wählen Sie eines, das Sie sonst nirgends verwenden.
password-too-weak = Dieses Passwort ist zu leicht zu erraten. Fügen Sie noch ein oder zwei Wörter hinzu, am besten ungewöhnliche.

## Was mit einem Feld nicht stimmt
## $field ist email, password, confirm, code, token oder etwas anderes.

field-error-required =
    { $field ->
        [email] Geben Sie Ihre E-Mail-Adresse ein.
        [password] Geben Sie ein Passwort ein.
        [confirm] Geben Sie das Passwort ein zweites Mal ein.
        [code] Geben Sie den Code ein.
        [token] Der Link fehlt.
       *[other] Dieses Feld muss ausgefüllt werden.
    }
field-error-not-text =
    { $field ->
        [email] Die E-Mail-Adresse muss Text sein.
        [password] Das Passwort muss Text sein.
        [confirm] Das zweite Passwort muss Text sein.
        [code] Der Code muss Text sein.
        [token] Der Link muss Text sein.
       *[other] Dieses Feld muss Text sein.
    }
field-error-not-an-address = Geben Sie eine gültige E-Mail-Adresse ein, zum Beispiel name@example.com.
field-error-mismatch = Die beiden Passwörter stimmen nicht überein.
field-error-link-not-allowed = Links zu dieser Adresse sind für diese App nicht erlaubt.
field-error-link-not-https = Der Link muss mit https beginnen.
field-error-beside-token = Geben Sie entweder ein Token oder eine E-Mail-Adresse und einen Code an.
field-error-unknown-field = Dieses Feld ist hier nicht bekannt.
field-error-not-a-key = Der Idempotency-Key muss 22 bis 128 sichtbare ASCII-Zeichen haben.
field-error-not-pressed = Um das Zurücksetzen abzubrechen, klicken Sie auf die Schaltfläche auf dieser Seite.
field-error-not-an-object = Der Inhalt der Anfrage muss ein JSON-Objekt ohne mehrfach vorkommende Felder sein.
field-error-not-a-form = Der Inhalt der Anfrage muss ein Formular ohne mehrfach vorkommende Felder sein.

## Probleme

problem-invalid-request = Die Anfrage ist nicht gültig.
problem-invalid-token = Dieser Link oder Code ist nicht oder nicht mehr gültig.
problem-password-rejected = Dieses Passwort wird nicht akzeptiert.
problem-too-many-requests = Zu viele Anfragen. Bitte versuchen Sie es später noch einmal.
problem-unknown-app = Diese App gibt es nicht.
problem-reset-disabled = Das Zurücksetzen von Passwörtern ist ausgeschaltet.
problem-foreign-form = Dieses Formular wurde nicht von unserer eigenen Seite gesendet. Öffnen Sie die Seite und versuchen Sie es erneut.
problem-not-found = Hier ist nichts zu finden.
problem-method-not-allowed = Diese Methode ist hier nicht erlaubt.
problem-payload-too-large = Die Anfrage ist zu groß.
problem-unsupported-media-type = Der Inhaltstyp der Anfrage wird hier nicht unterstützt.
problem-internal-error = Bei uns ist etwas schiefgegangen. Bitte versuchen Sie es später noch einmal.
problem-of-frontend = Diese Seite funktioniert nicht, wie sie sollte. Bitte laden Sie sie neu und versuchen Sie es noch einmal.
problem-service-unavailable = Der Dienst ist gerade nicht verfügbar. Bitte versuchen Sie es gleich noch einmal.
