# Español (Spanish)
# Syntax: https://projectfluent.org/fluent/guide/

## Campos y botones

field-email = Dirección de correo electrónico
field-code = Código
field-password = Nueva contraseña
field-confirm = Confirmar contraseña

button-request = Enviar enlace para restablecer la contraseña
button-sent = Correo enviado
button-again = Enviar de nuevo
button-code = Continuar
button-reset = Restablecer contraseña
button-show = Mostrar contraseña
button-hide = Ocultar contraseña
button-cancel = Cancelar el restablecimiento

## Páginas

# $support: how the app says that people reach it, for example an address.
page-support = ¿Necesita ayuda? { $support }
# Shown by the script when the server does not answer at all.
page-unreachable = No se puede conectar con el servidor. Compruebe su conexión e inténtelo de nuevo.
page-offline = No tiene conexión. Podrá continuar en cuanto vuelva a conectarse.
page-slow = El servidor tarda demasiado en responder. Inténtelo de nuevo.
# $time: for example "8 minutes".
page-too-many-requests = Demasiadas solicitudes. Inténtelo de nuevo dentro de { $time }.
page-problem-title = Esto no ha funcionado
page-again = Recibir un nuevo enlace

page-request-title = Restablezca su contraseña
page-request-intro = Escriba la dirección de correo electrónico de su cuenta. Le enviaremos un enlace con el que podrá elegir una nueva contraseña.
page-request-code = ¿Ya tiene un código? Escríbalo aquí.

page-sent-title = Revise su bandeja de entrada
# $email: the address that was typed in, which need not belong to an account.
page-sent-status = Si existe una cuenta para { $email }, hay un correo en camino a esa dirección. Revise su bandeja de entrada y también la carpeta de correo no deseado.
# $time: minutes and seconds, which are counted down, such as 1:00.
page-sent-wait = ¿No ha llegado nada? Podrá enviarlo de nuevo dentro de { $time }.
# $lifetime: for example "30 minutes".
page-sent-limit =
    { $count ->
        [one] En { $lifetime } se envía como máximo { $count } correo a una dirección. Si se pide más veces, no se envía nada.
       *[other] En { $lifetime } se envían como máximo { $count } correos a una dirección, y los enlaces de todos funcionan. Si se pide más veces, no se envía nada.
    }
page-sent-wrong = ¿Dirección equivocada?
page-sent-code = ¿Lee su correo en otro dispositivo? Entonces escriba aquí el código que aparece en el correo.

page-code-title = Escriba el código
page-code-intro = El correo que le hemos enviado contiene un código además del enlace. Tiene este aspecto: { $example }
page-code-wrong = Este código no es correcto o ya no es válido. Compárelo con el correo más reciente o pida uno nuevo.

page-reset-title = Elija una nueva contraseña
page-rule-length = de { $min } a { $max } caracteres, de cualquier tipo
page-rule-bytes = como máximo { $max } bytes: una letra básica, un número o un signo común ocupa un byte; cualquier otro carácter, de dos a cuatro
page-rule-personal = algo más que su dirección de correo electrónico o el nombre de este servicio
page-rule-runs = algo más que caracteres repetidos o consecutivos, como aaaa o 1234
page-rule-known = Tampoco se aceptan su nombre ni las contraseñas robadas o comunes. Lo mejor son unas pocas palabras poco comunes.
page-rule-rest = Tampoco se aceptan su nombre ni las contraseñas fáciles de adivinar. Lo mejor son unas pocas palabras poco comunes.
# Said, not shown, behind a rule that is kept.
page-rule-met = cumplido
page-caps-lock = El bloqueo de mayúsculas está activado.

page-done-title = Listo
page-done-status = La contraseña se ha cambiado correctamente.
page-done-sessions = Tendrá que volver a iniciar sesión en todos los lugares donde la tenía abierta.
page-done-next = La página de inicio de sesión se abrirá en unos segundos.
page-done-login = Volver a la página de inicio de sesión

page-dead-title = Este enlace o código ya no es válido
page-dead-text = Cada enlace o código funciona una sola vez y durante poco tiempo. Puede pedir que le enviemos uno nuevo.
page-used-title = Su contraseña se cambió
page-used-text = La contraseña se cambió con este enlace o con otro del mismo periodo. Puede iniciar sesión con la nueva contraseña.
page-expired-title = Este enlace ha caducado
page-expired-text = Cada enlace funciona solo durante poco tiempo. Puede pedir que le enviemos uno nuevo.

page-cancel-title = ¿No fue usted?
# $email: the address that the mail was sent to.
page-cancel-intro = Alguien ha solicitado restablecer la contraseña de { $email }. Si no fue usted, puede anular aquí todos los enlaces y códigos que hemos enviado. La contraseña seguirá siendo la misma.
page-cancelled-title = Se ha cancelado el restablecimiento
page-cancelled-status = Todos los enlaces y códigos que le hemos enviado han dejado de ser válidos. Su contraseña no se ha cambiado.
page-cancelled-advice = Si sigue recibiendo correos como este, es posible que alguien esté escribiendo su dirección por error. Puede ignorarlos.
page-gone-title = Este enlace no puede cancelar nada
page-gone-text = Ha caducado, o ya se usó o se canceló. Si ha recibido un correo más reciente que no solicitó, cancele con el enlace de ese correo.

## Correos

mail-greeting = Hola:
mail-greeting-name = Hola, { $name }:
mail-support = ¿Tiene alguna pregunta? { $support }
mail-username = Su nombre de usuario: { $username }

mail-reset-subject = Restablezca su contraseña de { $app }
# Shown beside the subject. $lifetime: for example "30 minutes".
mail-reset-preheader = Un enlace para elegir una nueva contraseña. Es válido durante { $lifetime }.
mail-reset-intro = Alguien ha solicitado restablecer la contraseña de su cuenta de { $app }.
mail-reset-button = Elegir una nueva contraseña
# Stands above the link in the plain text. $lifetime: for example "30 minutes".
mail-reset-link = Para elegir una nueva contraseña, abra este enlace. Es válido durante { $lifetime }:
# Stands above the same link in the HTML, below the button.
mail-reset-link-instead = El botón es válido durante { $lifetime }. Si no funciona, abra este enlace:
mail-reset-code = O escriba este código en el lugar donde solicitó el restablecimiento. Es válido durante { $lifetime }:
# $time: for example "2026-01-31 09:30 UTC".
mail-reset-origin = Esta solicitud se hizo el { $time } desde la dirección IP { $ip }.
mail-reset-ignore = Si no fue usted, no tiene que hacer nada: su contraseña seguirá siendo la misma.
# Stands above the button "This wasn't me", or above its link in the plain text.
mail-reset-cancel-intro = También puede anular de inmediato el enlace y el código:
mail-reset-cancel = No fui yo
mail-reset-secrecy = No comparta nunca el enlace ni el código con nadie.

mail-external-sign-in-subject = Cómo iniciar sesión en { $app }
mail-external-sign-in-preheader = Esta cuenta no tiene contraseña. Así puede iniciar sesión.
mail-external-sign-in-intro = Alguien ha solicitado restablecer la contraseña de su cuenta de { $app }. Esta cuenta no tiene contraseña.
mail-external-sign-in-provider = Usted inicia sesión con { $provider }.
mail-external-sign-in-other = Usted inicia sesión con otra cuenta, por ejemplo la de su empresa o la de un gran proveedor.
mail-external-sign-in-button = Ir a la página de inicio de sesión
mail-external-sign-in-ignore = Si no fue usted, no tiene que hacer nada: no se ha cambiado nada.

mail-changed-subject = Se ha cambiado su contraseña de { $app }
mail-changed-preheader = Si no fue usted, actúe ahora.
mail-changed-intro = La contraseña de su cuenta de { $app } se cambió el { $time }.
mail-changed-sessions = Tendrá que volver a iniciar sesión en todos los lugares donde la tenía abierta.
mail-changed-ignore = Si fue usted, no tiene que hacer nada.
mail-changed-alarm = Si no fue usted, es posible que otra persona lea su correo. Proteja primero su cuenta de correo y después elija una nueva contraseña:
mail-changed-button = Restablecer la contraseña de nuevo

duration-hours =
    { $count ->
        [one] { $count } hora
       *[other] { $count } horas
    }
duration-minutes =
    { $count ->
        [one] { $count } minuto
       *[other] { $count } minutos
    }
duration-seconds =
    { $count ->
        [one] { $count } segundo
       *[other] { $count } segundos
    }

## Por qué no se acepta una contraseña

password-too-short =
    { $min ->
        [one] Use al menos { $min } carácter.
       *[other] Use al menos { $min } caracteres.
    }
password-too-long =
    { $max ->
        [one] Use como máximo { $max } carácter.
       *[other] Use como máximo { $max } caracteres.
    }
password-too-many-bytes = Use una contraseña más corta: como máximo { $max } bytes. Las letras con tilde, otros alfabetos y los emojis ocupan varios bytes cada uno.
password-contains-nul = No use el carácter nulo (NUL) en la contraseña.
password-contains-line-break = Quite el salto de línea de la contraseña: ningún formulario de inicio de sesión puede enviarlo.
password-contains-address = No use su dirección de correo electrónico en la contraseña.
password-contains-name = No use su nombre en la contraseña.
password-contains-app-name = No use el nombre de este servicio en la contraseña.
password-known = Los atacantes conocen esta contraseña: figura en listas de contraseñas robadas o comunes. Elija una que no use en ningún otro sitio.
password-too-weak = Esta contraseña es demasiado fácil de adivinar. Añada una o dos palabras más, mejor si son poco comunes.

## Qué falla en un campo
## $field es email, password, confirm, code, token u otra cosa.

field-error-required =
    { $field ->
        [email] Escriba su dirección de correo electrónico.
        [password] Escriba una contraseña.
        [confirm] Escriba la contraseña por segunda vez.
        [code] Escriba el código.
        [token] Falta el enlace.
       *[other] Este campo es obligatorio.
    }
field-error-not-text =
    { $field ->
        [email] La dirección de correo electrónico debe ser texto.
        [password] La contraseña debe ser texto.
        [confirm] La segunda contraseña debe ser texto.
        [code] El código debe ser texto.
        [token] El enlace debe ser texto.
       *[other] Este campo debe ser texto.
    }
field-error-not-an-address = Escriba una dirección de correo electrónico válida, por ejemplo, name@example.com.
field-error-mismatch = Las dos contraseñas no coinciden.
field-error-link-not-allowed = Los enlaces a esta dirección no están permitidos para esta aplicación.
field-error-link-not-https = El enlace tiene que empezar por https.
field-error-beside-token = Indique un token, o bien una dirección de correo electrónico y un código.
field-error-unknown-field = Este campo no se reconoce aquí.
field-error-not-a-key = La Idempotency-Key debe tener entre 22 y 128 caracteres ASCII visibles.
field-error-not-pressed = Para cancelar el restablecimiento, pulse el botón de esta página.
field-error-not-an-object = El cuerpo de la solicitud debe ser un objeto JSON sin campos repetidos.
field-error-not-a-form = El cuerpo de la solicitud debe ser un formulario sin campos repetidos.

## Problemas

problem-invalid-request = La solicitud no es válida.
problem-invalid-token = Este enlace o código no es válido o ya no lo es.
problem-password-rejected = Esta contraseña no se acepta.
problem-too-many-requests = Demasiadas solicitudes. Inténtelo de nuevo más tarde.
problem-unknown-app = Esta aplicación no existe.
problem-reset-disabled = El restablecimiento de contraseñas está desactivado.
problem-foreign-form = Este formulario no se envió desde nuestra propia página. Abra la página e inténtelo de nuevo.
problem-not-found = Aquí no hay nada.
problem-method-not-allowed = Este método no está permitido aquí.
problem-payload-too-large = La solicitud es demasiado grande.
problem-unsupported-media-type = El tipo de contenido de la solicitud no se admite aquí.
problem-internal-error = Algo ha fallado por nuestra parte. Inténtelo de nuevo más tarde.
problem-of-frontend = Esta página no funciona como debería. Vuelva a cargarla e inténtelo de nuevo.
problem-service-unavailable = El servicio no está disponible. Inténtelo de nuevo en un momento.
