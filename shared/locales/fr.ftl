# Français (French)
# Syntax: https://projectfluent.org/fluent/guide/

## Champs et boutons

field-email = Adresse e-mail
field-code = Code
field-password = Nouveau mot de passe
field-confirm = Confirmer le mot de passe

button-request = Envoyer le lien de réinitialisation du mot de passe
button-sent = E-mail envoyé
button-again = Renvoyer l’e-mail
button-code = Continuer
button-reset = Réinitialiser le mot de passe
button-show = Afficher le mot de passe
button-hide = Masquer le mot de passe
button-cancel = Annuler la réinitialisation

## Pages

# $support: how the app says that people reach it, for example an address.
page-support = Besoin d’aide ? { $support }
# Shown by the script when the server does not answer at all.
page-unreachable = Impossible de joindre le serveur. Veuillez vérifier votre connexion, puis réessayer.
page-offline = Vous êtes hors ligne. Vous pourrez continuer dès que la connexion sera rétablie.
page-slow = Le serveur met trop de temps à répondre. Veuillez réessayer.
# $time: for example "8 minutes".
page-too-many-requests = Trop de requêtes. Veuillez réessayer dans { $time }.
page-problem-title = Cela n’a pas fonctionné
page-again = Recevoir un nouveau lien

page-request-title = Réinitialisez votre mot de passe
page-request-intro = Saisissez l’adresse e-mail de votre compte. Nous vous enverrons un lien qui vous permettra de choisir un nouveau mot de passe.
page-request-code = Vous avez déjà un code ? Saisissez-le ici.

page-sent-title = Consultez votre boîte de réception
# $email: the address that was typed in, which need not belong to an account.
page-sent-status = S’il existe un compte pour { $email }, un e-mail est en route vers cette adresse. Veuillez consulter votre boîte de réception, ainsi que votre dossier de courrier indésirable.
# $time: minutes and seconds, which are counted down, such as 1:00.
page-sent-wait = Vous n’avez rien reçu ? Vous pourrez renvoyer l’e-mail dans { $time }.
# $lifetime: for example "30 minutes".
page-sent-limit =
    { $count ->
        [one] En { $lifetime }, { $count } e-mail au maximum est envoyé à une même adresse. Au-delà, rien n’est envoyé.
       *[other] En { $lifetime }, { $count } e-mails au maximum sont envoyés à une même adresse, et leurs liens fonctionnent tous. Au-delà, rien n’est envoyé.
    }
page-sent-wrong = Mauvaise adresse ?
page-sent-code = Vous lisez vos e-mails sur un autre appareil ? Saisissez alors ici le code qui figure dans l’e-mail.

page-code-title = Saisissez le code
page-code-intro = L’e-mail que nous vous avons envoyé contient un code en plus du lien. Il ressemble à ceci : { $example }
page-code-wrong = Ce code n’est pas le bon, ou il n’est plus valable. Comparez-le avec l’e-mail le plus récent, ou faites-en envoyer un nouveau.

page-reset-title = Choisissez un nouveau mot de passe
page-rule-length = de { $min } à { $max } caractères, quels qu’ils soient
page-rule-bytes = { $max } octets au maximum : une lettre sans accent, un chiffre ou un signe courant occupe un octet, tout autre caractère de deux à quatre
page-rule-personal = plus que votre adresse e-mail ou le nom de ce service
page-rule-runs = plus que des caractères répétés ou qui se suivent, comme aaaa ou 1234
page-rule-known = Votre nom et les mots de passe volés ou courants sont également refusés. Le mieux : quelques mots inhabituels.
page-rule-rest = Votre nom et les mots de passe faciles à deviner sont également refusés. Le mieux : quelques mots inhabituels.
# Said, not shown, behind a rule that is kept.
page-rule-met = rempli
page-caps-lock = La touche Verr. Maj. est activée.

page-done-title = C’est fait
page-done-status = Le mot de passe a bien été modifié.
page-done-sessions = Vous devrez vous reconnecter partout où votre session était ouverte.
page-done-next = La page de connexion s’ouvre dans quelques secondes.
page-done-login = Retour à la page de connexion

page-dead-title = Ce lien ou ce code n’est plus valable
page-dead-text = Un lien ou un code ne fonctionne qu’une seule fois et pendant une courte durée. Vous pouvez en recevoir un nouveau.
page-used-title = Votre mot de passe a été modifié
page-used-text = Le mot de passe a été modifié avec ce lien, ou avec un autre de la même période. Vous pouvez vous connecter avec le nouveau mot de passe.
page-expired-title = Ce lien a expiré
page-expired-text = Un lien ne fonctionne que pendant une courte durée. Vous pouvez en recevoir un nouveau.

page-cancel-title = Ce n’était pas vous ?
# $email: the address that the mail was sent to.
page-cancel-intro = Quelqu’un a demandé à réinitialiser le mot de passe associé à { $email }. Si ce n’était pas vous, vous pouvez annuler ici tous les liens et codes que nous avons envoyés. Le mot de passe reste inchangé.
page-cancelled-title = La réinitialisation est annulée
page-cancelled-status = Tous les liens et codes que nous vous avons envoyés sont désormais inutilisables. Votre mot de passe n’a pas été modifié.
page-cancelled-advice = Si vous continuez à recevoir de tels e-mails, il se peut que quelqu’un saisisse votre adresse par erreur. Vous pouvez les ignorer.
page-gone-title = Ce lien ne peut rien annuler
page-gone-text = Il a expiré, ou il a déjà été utilisé ou annulé. Si vous avez reçu un e-mail plus récent que vous n’avez pas demandé, annulez avec le lien qu’il contient.

## E-mails

mail-greeting = Bonjour,
mail-greeting-name = Bonjour { $name },
mail-support = Des questions ? { $support }
mail-username = Votre nom d’utilisateur : { $username }

mail-reset-subject = Réinitialisez votre mot de passe { $app }
# Shown beside the subject. $lifetime: for example "30 minutes".
mail-reset-preheader = Un lien pour choisir un nouveau mot de passe. Il est valable pendant { $lifetime }.
mail-reset-intro = Quelqu’un a demandé à réinitialiser le mot de passe de votre compte { $app }.
mail-reset-button = Choisir un nouveau mot de passe
# Stands above the link in the plain text. $lifetime: for example "30 minutes".
mail-reset-link = Pour choisir un nouveau mot de passe, ouvrez ce lien. Il est valable pendant { $lifetime } :
# Stands above the same link in the HTML, below the button.
mail-reset-link-instead = Le bouton est valable pendant { $lifetime }. S’il ne fonctionne pas, ouvrez ce lien :
mail-reset-code = Ou saisissez ce code là où vous avez demandé la réinitialisation. Il est valable pendant { $lifetime } :
# $time: for example "2026-01-31 09:30 UTC".
mail-reset-origin = Cette demande a été faite le { $time } depuis l’adresse IP { $ip }.
mail-reset-ignore = Si ce n’était pas vous, vous n’avez rien à faire : votre mot de passe reste inchangé.
# Stands above the button "This wasn't me", or above its link in the plain text.
mail-reset-cancel-intro = Vous pouvez aussi annuler immédiatement le lien et le code :
mail-reset-cancel = Ce n’était pas moi
mail-reset-secrecy = Ne communiquez jamais le lien ni le code à qui que ce soit.

mail-external-sign-in-subject = Comment vous connecter à { $app }
mail-external-sign-in-preheader = Ce compte n’a pas de mot de passe. Voici comment vous connecter.
mail-external-sign-in-intro = Quelqu’un a demandé à réinitialiser le mot de passe de votre compte { $app }. Ce compte n’a pas de mot de passe.
mail-external-sign-in-provider = Vous vous connectez avec { $provider }.
mail-external-sign-in-other = Vous vous connectez au moyen d’un autre compte, par exemple celui de votre employeur ou d’un grand fournisseur.
mail-external-sign-in-button = Aller à la page de connexion
mail-external-sign-in-ignore = Si ce n’était pas vous, vous n’avez rien à faire : rien n’a été modifié.

mail-changed-subject = Votre mot de passe { $app } a été modifié
mail-changed-preheader = Si ce n’était pas vous, agissez maintenant.
mail-changed-intro = Le mot de passe de votre compte { $app } a été modifié le { $time }.
mail-changed-sessions = Vous devrez vous reconnecter partout où votre session était ouverte.
mail-changed-ignore = Si c’était vous, vous n’avez rien à faire.
mail-changed-alarm = Si ce n’était pas vous, il se peut que quelqu’un d’autre lise vos e-mails. Sécurisez d’abord votre messagerie, puis choisissez un nouveau mot de passe :
mail-changed-button = Réinitialiser à nouveau le mot de passe

duration-hours =
    { $count ->
        [one] { $count } heure
       *[other] { $count } heures
    }
duration-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
duration-seconds =
    { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }

## Pourquoi un mot de passe n’est pas accepté

password-too-short =
    { $min ->
        [one] Utilisez au moins { $min } caractère.
       *[other] Utilisez au moins { $min } caractères.
    }
password-too-long =
    { $max ->
        [one] Utilisez au maximum { $max } caractère.
       *[other] Utilisez au maximum { $max } caractères.
    }
password-too-many-bytes = Utilisez un mot de passe plus court : { $max } octets au maximum. Les lettres accentuées, les autres écritures et les emojis occupent plusieurs octets chacun.
password-contains-nul = N’utilisez pas le caractère nul (NUL) dans le mot de passe.
password-contains-line-break = Retirez le saut de ligne du mot de passe : aucun formulaire de connexion ne peut l’envoyer.
password-contains-address = N’utilisez pas votre adresse e-mail dans le mot de passe.
password-contains-name = N’utilisez pas votre nom dans le mot de passe.
password-contains-app-name = N’utilisez pas le nom de ce service dans le mot de passe.
password-known = Ce mot de passe est connu des pirates : il figure dans des listes de mots de passe volés ou courants. Choisissez-en un que vous n’utilisez nulle part ailleurs.
password-too-weak = Ce mot de passe est trop facile à deviner. Ajoutez encore un ou deux mots, de préférence inhabituels.

## Ce qui ne va pas dans un champ
## $field est email, password, confirm, code, token ou autre chose.

field-error-required =
    { $field ->
        [email] Saisissez votre adresse e-mail.
        [password] Saisissez un mot de passe.
        [confirm] Saisissez le mot de passe une seconde fois.
        [code] Saisissez le code.
        [token] Le lien est manquant.
       *[other] Ce champ est obligatoire.
    }
field-error-not-text =
    { $field ->
        [email] L’adresse e-mail doit être du texte.
        [password] Le mot de passe doit être du texte.
        [confirm] Le second mot de passe doit être du texte.
        [code] Le code doit être du texte.
        [token] Le lien doit être du texte.
       *[other] Ce champ doit être du texte.
    }
field-error-not-an-address = Saisissez une adresse e-mail valide, par exemple name@example.com.
field-error-mismatch = Les deux mots de passe ne correspondent pas.
field-error-link-not-allowed = Les liens vers cette adresse ne sont pas autorisés pour cette application.
field-error-link-not-https = Le lien doit commencer par https.
field-error-beside-token = Indiquez soit un jeton, soit une adresse e-mail et un code.
field-error-unknown-field = Ce champ n’est pas reconnu ici.
field-error-not-a-key = L’Idempotency-Key doit comporter de 22 à 128 caractères ASCII visibles.
field-error-not-pressed = Pour annuler la réinitialisation, cliquez sur le bouton de cette page.
field-error-not-an-object = Le corps de la requête doit être un objet JSON sans champs répétés.
field-error-not-a-form = Le corps de la requête doit être un formulaire sans champs répétés.

## Problèmes

problem-invalid-request = La requête n’est pas valide.
problem-invalid-token = Ce lien ou ce code n’est pas valable, ou ne l’est plus.
problem-password-rejected = Ce mot de passe n’est pas accepté.
problem-too-many-requests = Trop de requêtes. Veuillez réessayer plus tard.
problem-unknown-app = Cette application n’existe pas.
problem-reset-disabled = La réinitialisation des mots de passe est désactivée.
problem-foreign-form = Ce formulaire n’a pas été envoyé depuis notre propre page. Ouvrez la page et réessayez.
problem-not-found = Il n’y a rien ici.
problem-method-not-allowed = Cette méthode n’est pas autorisée ici.
problem-payload-too-large = La requête est trop volumineuse.
problem-unsupported-media-type = Le type de contenu de la requête n’est pas pris en charge ici.
problem-internal-error = Une erreur s’est produite de notre côté. Veuillez réessayer plus tard.
problem-of-frontend = Cette page ne fonctionne pas comme elle le devrait. Veuillez la recharger et réessayer.
problem-service-unavailable = Le service n’est pas disponible. Veuillez réessayer dans un instant.
