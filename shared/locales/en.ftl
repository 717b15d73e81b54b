# English, which every other language is measured by: the same messages, the same placeholders.
# Syntax: https://projectfluent.org/fluent/guide/

## Fields and buttons

field-email = Email Address
field-code = Code
field-password = New Password
field-confirm = Confirm Password

button-request = Send Password Reset Link
button-sent = Mail sent
button-again = Send it again
button-code = Continue
button-reset = Reset Password
button-show = Show password
button-hide = Hide password
button-cancel = Cancel the reset

## Pages

# $support: how the app says that people reach it, for example an address.
page-support = Need help? { $support }
# Shown by the script when the server does not answer at all.
page-unreachable = The server cannot be reached. Please check your connection and try again.
page-offline = You are offline. As soon as you are connected again, you can go on.
page-slow = The server takes too long to answer. Please try again.
# $time: for example "8 minutes".
page-too-many-requests = Too many requests. Please try again in { $time }.
page-problem-title = This did not work
page-again = Send a new link

page-request-title = Reset your password
page-request-intro = Enter the email address of your account. We will send you a link with which you can choose a new password.
page-request-code = Already have a code? Enter it here.

page-sent-title = Check your inbox
# $email: the address that was typed in, which need not belong to an account.
page-sent-status = If there is an account for { $email }, mail is on its way to it. Please check your inbox, and your spam folder too.
# $time: minutes and seconds, which are counted down, such as 1:00.
page-sent-wait = Nothing arrived? You can send it again in { $time }.
# $lifetime: for example "30 minutes".
page-sent-limit =
    { $count ->
        [one] In { $lifetime } at most { $count } mail goes to an address. Asking again sends nothing.
       *[other] In { $lifetime } at most { $count } mails go to an address, and the links of all of them work. Asking more often sends nothing.
    }
page-sent-wrong = Wrong address?
page-sent-code = Do you read your mail on another device? Then enter the code from the mail here.

page-code-title = Enter the code
page-code-intro = The mail that we sent you has a code besides the link. It looks like this: { $example }
page-code-wrong = This code is not right, or no longer valid. Compare it with the newest mail, or have a new one sent.

page-reset-title = Choose a new password
page-rule-length = { $min } to { $max } characters of any kind
page-rule-bytes = at most { $max } bytes: a letter from a to z, a digit or a common sign is one byte, any other character two to four
page-rule-personal = more than your email address or the name of this service
page-rule-runs = more than repeated or sequential characters, such as aaaa or 1234
page-rule-known = Stolen and common passwords, and your name, are refused too. A few unusual words are best.
page-rule-rest = Passwords that are easy to guess, and your name, are refused too. A few unusual words are best.
# Said, not shown, behind a rule that is kept.
page-rule-met = done
page-caps-lock = Caps Lock is on.

page-done-title = Done
page-done-status = Password changed successfully.
page-done-sessions = Wherever you were logged in before, you are asked to log in again.
page-done-next = In a few seconds the login page opens.
page-done-login = Back to the login page

page-dead-title = This link or code is no longer valid
page-dead-text = A link or code works only once and only for a short time. You can have a new one sent to you.
page-used-title = Your password was changed
page-used-text = The password was changed with this link, or with another one of that time. You can log in with the new password.
page-expired-title = This link has expired
page-expired-text = A link works only for a short time. You can have a new one sent to you.

page-cancel-title = Wasn't this you?
# $email: the address that the mail was sent to.
page-cancel-intro = Somebody asked to reset the password of { $email }. If that was not you, make every link and code that we sent invalid. The password stays as it is.
page-cancelled-title = The reset is cancelled
page-cancelled-status = Every link and code that we sent you is invalid now. Your password was not changed.
page-cancelled-advice = If such mails keep coming, somebody may be typing your address by mistake. You can ignore them.
page-gone-title = This link cannot cancel anything
page-gone-text = It has expired, or it was used or cancelled before. If a newer mail came that you did not ask for, cancel with the link in that one.

## Mails

mail-greeting = Hello,
mail-greeting-name = Hello { $name },
mail-support = Questions? { $support }
mail-username = Your username: { $username }

mail-reset-subject = Reset your { $app } password
# Shown beside the subject. $lifetime: for example "30 minutes".
mail-reset-preheader = A link with which you can choose a new password. It is valid for { $lifetime }.
mail-reset-intro = Somebody asked to reset the password of your { $app } account.
mail-reset-button = Choose a new password
# Stands above the link in the plain text. $lifetime: for example "30 minutes".
mail-reset-link = To choose a new password, open this link. It is valid for { $lifetime }:
# Stands above the same link in the HTML, below the button.
mail-reset-link-instead = This works for { $lifetime }. If the button does nothing, open this link:
mail-reset-code = Or enter this code where you asked for the reset. It is valid for { $lifetime }:
# $time: for example "2026-01-31 09:30 UTC".
mail-reset-origin = This was asked for on { $time } from the IP address { $ip }.
mail-reset-ignore = If this was not you, you need not do anything: your password stays as it is.
# Stands above the button "This wasn't me", or above its link in the plain text.
mail-reset-cancel-intro = You can also make the link and the code invalid at once:
mail-reset-cancel = This wasn't me
mail-reset-secrecy = Never pass the link or the code on to anybody.

mail-external-sign-in-subject = How you sign in to { $app }
mail-external-sign-in-preheader = This account has no password. Here is how you sign in.
mail-external-sign-in-intro = Somebody asked to reset the password of your { $app } account. The account has no password.
# $provider: whom somebody signs in with who has no password, for example "Google".
mail-external-sign-in-provider = You sign in with { $provider }.
mail-external-sign-in-other = You sign in through another account, such as the one of your employer or of a large provider.
mail-external-sign-in-button = Go to the login page
mail-external-sign-in-ignore = If this was not you, you need not do anything: nothing was changed.

mail-changed-subject = Your { $app } password was changed
mail-changed-preheader = If this was not you, act now.
mail-changed-intro = The password of your { $app } account was changed on { $time }.
mail-changed-sessions = Wherever you were logged in before, you are asked to log in again.
mail-changed-ignore = If this was you, there is nothing to do.
mail-changed-alarm = If this was not you, somebody else may be able to read your mail. Secure your mailbox first, then choose a new password:
mail-changed-button = Reset the password again

duration-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
duration-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
duration-seconds =
    { $count ->
        [one] { $count } second
       *[other] { $count } seconds
    }

## Why a password is not accepted

password-too-short =
    { $min ->
        [one] Use at least { $min } character.
       *[other] Use at least { $min } characters.
    }
password-too-long =
    { $max ->
        [one] Use at most { $max } character.
       *[other] Use at most { $max } characters.
    }
password-too-many-bytes = Use a shorter password: at most { $max } bytes. Letters with accents, other scripts and emoji take several bytes each.
password-contains-nul = Do not use the NUL character in the password.
password-contains-line-break = Leave the line break out of the password: no login form can send it.
password-contains-address = Do not use your email address in the password.
password-contains-name = Do not use your name in the password.
password-contains-app-name = Do not use the name of this service in the password.
password-known = This password is known to attackers: it is on lists of stolen and common passwords. Choose one that you use nowhere else.
password-too-weak = This password is too easy to guess. Add another word or two; unusual ones are best.

## What is wrong with a field
## $field is one of email, password, confirm, code, token, or something else.

field-error-required =
    { $field ->
        [email] Enter your email address.
        [password] Enter a password.
        [confirm] Enter the password a second time.
        [code] Enter the code.
        [token] The link is missing.
       *[other] This field is required.
    }
field-error-not-text =
    { $field ->
        [email] The email address must be text.
        [password] The password must be text.
        [confirm] The second password must be text.
        [code] The code must be text.
        [token] The link must be text.
       *[other] This field must be text.
    }
field-error-not-an-address = Enter a valid email address, such as name@example.com.
field-error-mismatch = The two passwords are not the same.
field-error-link-not-allowed = Links to this web address are not allowed for this app.
field-error-link-not-https = The link has to begin with https.
field-error-beside-token = Give either a token, or an email address and a code.
field-error-unknown-field = This field is not known here.
field-error-not-a-key = The Idempotency-Key must have 22 to 128 visible ASCII characters.
field-error-not-pressed = To cancel the reset, press the button on this page.
field-error-not-an-object = The body must be a JSON object without repeated fields.
field-error-not-a-form = The body must be a form without repeated fields.

## Problems

problem-invalid-request = The request is not valid.
problem-invalid-token = This link or code is not valid, or no longer valid.
problem-password-rejected = This password is not accepted.
problem-too-many-requests = Too many requests. Please try again later.
problem-unknown-app = There is no such app.
problem-reset-disabled = Resetting passwords is switched off.
problem-foreign-form = This form was not sent from our own page. Open the page and try again.
problem-not-found = There is nothing here.
problem-method-not-allowed = This method is not allowed here.
problem-payload-too-large = The request is too large.
problem-unsupported-media-type = The content type of the request is not one that is read here.
problem-internal-error = Something went wrong on our side. Please try again later.
# A frontend sent what the service does not read.
problem-of-frontend = This page does not work as it should. Please reload it and try again.
problem-service-unavailable = The service is not available. Please try again in a moment.
