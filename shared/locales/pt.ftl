# Português (Portuguese)

## Fields and buttons

field-email = Endereço de e-mail
field-code = Código
field-password = Nova senha
field-confirm = Confirmar senha

button-request = Enviar link de redefinição de senha
button-sent = E-mail enviado
button-again = Enviar novamente
button-code = Continuar
button-reset = Redefinir senha
button-show = Mostrar senha
button-hide = Ocultar senha
button-cancel = Cancelar a redefinição

## Pages

page-support = Precisa de ajuda? { $support }
page-unreachable = O servidor está inacessível. Verifique a sua conexão e tente novamente.
page-offline = Você está sem conexão. Assim que ela voltar, será possível continuar.
page-slow = O servidor está demorando demais para responder. Tente novamente.
page-too-many-requests = Houve solicitações demais. Tente novamente em { $time }.
page-problem-title = Não foi possível concluir a operação
page-again = Enviar um novo link

page-request-title = Redefina a sua senha
page-request-intro = Insira o endereço de e-mail da sua conta. Enviaremos um link para escolher uma nova senha.
page-request-code = Já tem um código? Insira-o aqui.

page-sent-title = Verifique a sua caixa de entrada
page-sent-status = Se houver uma conta associada a { $email }, um e-mail já está a caminho. Verifique a sua caixa de entrada e também a pasta de spam.
page-sent-wait = Não recebeu nada? Será possível enviar novamente em { $time }.
page-sent-limit =
    { $count ->
        [one] Em { $lifetime }, no máximo { $count } e-mail é enviado a um endereço. Pedidos a mais não enviam nada.
       *[other] Em { $lifetime }, no máximo { $count } e-mails são enviados a um endereço, e os links de todos funcionam. Pedidos a mais não enviam nada.
    }
page-sent-wrong = Endereço errado?
page-sent-code = Lê os seus e-mails em outro dispositivo? Então insira aqui o código que está no e-mail.

page-code-title = Insira o código
page-code-intro = O e-mail que enviamos traz, além do link, um código. Ele tem este formato: { $example }
page-code-wrong = Este código não está certo ou não é mais válido. Compare-o com o e-mail mais recente ou peça um novo.

page-reset-title = Escolha uma nova senha
page-rule-length = de { $min } a { $max } caracteres, de qualquer tipo
page-rule-bytes = no máximo { $max } bytes: uma letra sem acento, um número ou um sinal comum ocupa um byte; qualquer outro caractere, de dois a quatro
page-rule-personal = mais do que o seu endereço de e-mail ou o nome deste serviço
page-rule-runs = mais do que caracteres repetidos ou em sequência, como aaaa ou 1234
page-rule-known = O seu nome e senhas roubadas ou comuns também são recusados. O melhor são algumas palavras pouco comuns.
page-rule-rest = O seu nome e senhas fáceis de adivinhar também são recusados. O melhor são algumas palavras pouco comuns.
page-rule-met = cumprido
page-caps-lock = O Caps Lock está ativado.

page-done-title = Pronto
page-done-status = Senha alterada com sucesso.
page-done-sessions = Nos dispositivos em que a sua conta estava aberta, será preciso entrar novamente.
page-done-next = A página de login será aberta em alguns segundos.
page-done-login = Voltar à página de login

page-dead-title = Este link ou código não é mais válido
page-dead-text = Cada link ou código funciona apenas uma vez e por pouco tempo. Se precisar, peça o envio de um novo.
page-used-title = Sua senha foi alterada
page-used-text = A senha foi alterada com este link ou com outro do mesmo período. Você pode entrar com a nova senha.
page-expired-title = Este link expirou
page-expired-text = Cada link funciona apenas por pouco tempo. Se precisar, peça o envio de um novo.

page-cancel-title = Não foi você?
page-cancel-intro = Alguém pediu a redefinição da senha da conta { $email }. Se não foi você, invalide todos os links e códigos que enviamos. A senha continuará a mesma.
page-cancelled-title = A redefinição foi cancelada
page-cancelled-status = Todos os links e códigos que enviamos foram invalidados. A sua senha não foi alterada.
page-cancelled-advice = Se mensagens como esta continuarem a chegar, talvez alguém esteja digitando o seu endereço por engano. Você pode ignorá-las.
page-gone-title = Este link não pode cancelar nada
page-gone-text = Ele expirou ou já foi usado ou cancelado. Se chegou um e-mail mais recente que você não pediu, cancele com o link desse e-mail.

## Mails

mail-greeting = Olá,
mail-greeting-name = Olá, { $name },
mail-support = Tem dúvidas? { $support }
mail-username = O seu nome de usuário: { $username }

mail-reset-subject = Redefina a senha da sua conta { $app }
mail-reset-preheader = Um link para escolher uma nova senha. Ele é válido por { $lifetime }.
mail-reset-intro = Recebemos um pedido para redefinir a senha da sua conta { $app }.
mail-reset-button = Escolher uma nova senha
mail-reset-link = Para escolher uma nova senha, abra este link. Ele é válido por { $lifetime }:
mail-reset-link-instead = O botão é válido por { $lifetime }. Se não funcionar, abra este link:
mail-reset-code = Ou insira este código onde você pediu a redefinição. Ele é válido por { $lifetime }:
mail-reset-origin = Este pedido foi feito em { $time } a partir do endereço IP { $ip }.
mail-reset-ignore = Se não foi você, não é preciso fazer nada: a sua senha continuará a mesma.
mail-reset-cancel-intro = Você também pode invalidar o link e o código imediatamente:
mail-reset-cancel = Não fui eu
mail-reset-secrecy = Nunca passe o link ou o código a ninguém.

mail-external-sign-in-subject = Como entrar na sua conta { $app }
mail-external-sign-in-preheader = Esta conta não tem senha. Veja como entrar.
mail-external-sign-in-intro = Recebemos um pedido para redefinir a senha da sua conta { $app }. Esta conta não tem senha.
mail-external-sign-in-provider = Você entra com { $provider }.
mail-external-sign-in-other = Você entra por meio de outra conta, por exemplo a da sua empresa ou a de um grande provedor.
mail-external-sign-in-button = Ir à página de login
mail-external-sign-in-ignore = Se não foi você, não é preciso fazer nada: nada foi alterado.

mail-changed-subject = A senha da sua conta { $app } foi alterada
mail-changed-preheader = Se não foi você, aja agora.
mail-changed-intro = A senha da sua conta { $app } foi alterada em { $time }.
mail-changed-sessions = Nos dispositivos em que a sua conta estava aberta, será preciso entrar novamente.
mail-changed-ignore = Se foi você, não é preciso fazer nada.
mail-changed-alarm = Se não foi você, outra pessoa pode estar lendo os seus e-mails. Primeiro, proteja a sua conta de e-mail; depois, escolha uma nova senha:
mail-changed-button = Redefinir a senha novamente

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

## Why a password is not accepted

password-too-short =
    { $min ->
        [one] Use pelo menos { $min } caractere.
       *[other] Use pelo menos { $min } caracteres.
    }
password-too-long =
    { $max ->
        [one] Use no máximo { $max } caractere.
       *[other] Use no máximo { $max } caracteres.
    }
password-too-many-bytes = Use uma senha mais curta: no máximo { $max } bytes. Letras acentuadas, outros alfabetos e emojis ocupam vários bytes cada um.
password-contains-nul = Não use o caractere nulo (NUL) na senha.
password-contains-line-break = Retire a quebra de linha da senha: nenhum formulário de login consegue enviá-la.
password-contains-address = Não use o seu endereço de e-mail na senha.
password-contains-name = Não use o seu nome na senha.
password-contains-app-name = Não use o nome deste serviço na senha.
password-known = Esta senha é conhecida por invasores: está em listas de senhas roubadas ou comuns. Escolha uma que não use em nenhum outro lugar.
password-too-weak = Esta senha é muito fácil de adivinhar. Acrescente uma ou duas palavras, de preferência pouco comuns.

## What is wrong with a field
## $field is one of email, password, confirm, code, token, or something else.

field-error-required =
    { $field ->
        [email] Insira o seu endereço de e-mail.
        [password] Insira uma senha.
        [confirm] Insira a senha mais uma vez.
        [code] Insira o código.
        [token] Falta o link.
       *[other] Este campo é obrigatório.
    }
field-error-not-text =
    { $field ->
        [email] O endereço de e-mail deve ser um texto.
        [password] A senha deve ser um texto.
        [confirm] A confirmação da senha deve ser um texto.
        [code] O código deve ser um texto.
        [token] O link deve ser um texto.
       *[other] Este campo deve ser um texto.
    }
field-error-not-an-address = Insira um endereço de e-mail válido, como name@example.com.
field-error-mismatch = As duas senhas não são iguais.
field-error-link-not-allowed = Este app não permite links para este endereço.
field-error-link-not-https = O link tem de começar por https.
field-error-beside-token = Indique um token ou, em vez dele, um endereço de e-mail e um código.
field-error-unknown-field = Este campo não é conhecido aqui.
field-error-not-a-key = A Idempotency-Key deve ter de 22 a 128 caracteres ASCII visíveis.
field-error-not-pressed = Para cancelar a redefinição, pressione o botão desta página.
field-error-not-an-object = O corpo da solicitação deve ser um objeto JSON sem campos repetidos.
field-error-not-a-form = O corpo da solicitação deve ser um formulário sem campos repetidos.

## Problems

problem-invalid-request = A solicitação não é válida.
problem-invalid-token = Este link ou código não é válido ou já perdeu a validade.
problem-password-rejected = Esta senha não pode ser usada.
problem-too-many-requests = Houve solicitações demais. Tente novamente mais tarde.
problem-unknown-app = Este app não existe.
problem-reset-disabled = A redefinição de senhas está desativada.
problem-foreign-form = Este formulário não foi enviado pela nossa própria página. Abra a página e tente novamente.
problem-not-found = Não há nada aqui.
problem-method-not-allowed = Este método não é permitido aqui.
problem-payload-too-large = A solicitação é grande demais.
problem-unsupported-media-type = O tipo de conteúdo da solicitação não é reconhecido aqui.
problem-internal-error = Ocorreu um erro do nosso lado. Tente novamente mais tarde.
problem-of-frontend = Esta página não funciona como deveria. Recarregue-a e tente novamente.
problem-service-unavailable = O serviço não está disponível. Tente novamente daqui a pouco.
