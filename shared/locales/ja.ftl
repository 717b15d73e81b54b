# 日本語 (Japanese)

## Fields and buttons

field-email = メールアドレス
field-code = 確認コード
field-password = 新しいパスワード
field-confirm = パスワード（確認用）

button-request = パスワード再設定リンクを送信
button-sent = メールを送信しました
button-again = もう一度送信
button-code = 次へ
button-reset = パスワードを再設定
button-show = パスワードを表示
button-hide = パスワードを非表示
button-cancel = 再設定を取り消す

## Pages

page-support = お困りですか？ { $support }
page-unreachable = サーバーに接続できません。通信環境をご確認のうえ、もう一度お試しください。
page-offline = オフラインです。接続が回復すると、続けて操作できます。
page-slow = サーバーの応答に時間がかかりすぎています。もう一度お試しください。
page-too-many-requests = リクエストが多すぎます。{ $time }後にもう一度お試しください。
page-problem-title = 処理を完了できませんでした
page-again = 新しいリンクを送信

page-request-title = パスワードの再設定
page-request-intro = アカウントのメールアドレスを入力してください。新しいパスワードを設定するためのリンクをお送りします。
page-request-code = すでに確認コードをお持ちですか？ こちらから入力してください。

page-sent-title = メールをご確認ください
page-sent-status = { $email } のアカウントが登録されている場合は、このメールアドレスにメールをお送りしています。受信トレイと、迷惑メールフォルダもご確認ください。
page-sent-wait = メールが届かない場合は、{ $time } 後にもう一度送信できます。
page-sent-limit =
    { $count ->
       *[other] 1つのメールアドレスには、{ $lifetime }に{ $count }通までお送りします。どのメールのリンクも使えます。それ以上リクエストしても、メールは送信されません。
    }
page-sent-wrong = メールアドレスが違いますか？
page-sent-code = 別の端末でメールをご覧の場合は、メールに記載された確認コードをこちらに入力してください。

page-code-title = 確認コードの入力
page-code-intro = お送りしたメールには、リンクのほかに確認コードも記載されています。確認コードの例：{ $example }
page-code-wrong = 確認コードが正しくないか、無効になっています。最新のメールと見比べるか、新しいコードを送信してください。

page-reset-title = 新しいパスワードの設定
page-rule-length = { $min }～{ $max }文字（文字の種類は問いません）
page-rule-bytes = { $max }バイト以内（半角の英数字と記号は1バイト、そのほかの文字は2～4バイト）
page-rule-personal = メールアドレスやこのサービスの名前だけではない
page-rule-runs = aaaa や 1234 のような、同じ文字や連続した文字だけではない
page-rule-known = お名前や、流出したパスワード、よく使われるパスワードも使用できません。珍しい単語をいくつか組み合わせるのが最適です。
page-rule-rest = お名前や推測されやすいパスワードも使用できません。珍しい単語をいくつか組み合わせるのが最適です。
page-rule-met = 条件を満たしています
page-caps-lock = Caps Lock がオンになっています。

page-done-title = 完了しました
page-done-status = パスワードが正常に変更されました。
page-done-sessions = これまでログインしていた端末やブラウザでは、もう一度ログインが必要になります。
page-done-next = 数秒後にログインページが開きます。
page-done-login = ログインページに戻る

page-dead-title = このリンクまたは確認コードは無効になりました
page-dead-text = リンクと確認コードは1回限り有効で、有効期間も短く設定されています。必要な場合は、新しいものをお送りします。
page-used-title = パスワードは変更されました
page-used-text = このリンク、または同じ時期に送られた別のリンクで、パスワードが変更されました。新しいパスワードでログインできます。
page-expired-title = このリンクは有効期限が切れています
page-expired-text = リンクの有効期間は短く設定されています。必要な場合は、新しいものをお送りします。

page-cancel-title = お心当たりがありませんか？
page-cancel-intro = { $email } のアカウントについて、パスワードの再設定がリクエストされました。お心当たりがない場合は、お送りしたすべてのリンクと確認コードを無効にしてください。パスワードは変更されません。
page-cancelled-title = 再設定を取り消しました
page-cancelled-status = お送りしたリンクと確認コードは、すべて無効になりました。パスワードは変更されていません。
page-cancelled-advice = このようなメールが何度も届く場合は、どなたかが誤ってお客様のメールアドレスを入力している可能性があります。メールは無視していただいてかまいません。
page-gone-title = このリンクでは何も取り消せません
page-gone-text = 有効期限が切れているか、すでに使用または取り消されています。お心当たりのない新しいメールが届いている場合は、そのメールのリンクから取り消してください。

## Mails

mail-greeting = いつもご利用いただきありがとうございます。
mail-greeting-name = { $name } 様
mail-support = ご不明な点がありますか？ { $support }
mail-username = ユーザー名：{ $username }

mail-reset-subject = 【{ $app }】パスワード再設定のご案内
mail-reset-preheader = 新しいパスワードを設定するためのリンクです。有効期間は{ $lifetime }です。
mail-reset-intro = { $app } アカウントのパスワード再設定のリクエストを受け付けました。
mail-reset-button = 新しいパスワードを設定
mail-reset-link = 新しいパスワードを設定するには、以下のリンクを開いてください。リンクの有効期間は{ $lifetime }です。
mail-reset-link-instead = ボタンの有効期間は{ $lifetime }です。ボタンが機能しない場合は、以下のリンクを開いてください。
mail-reset-code = または、再設定をリクエストした画面で以下の確認コードを入力してください。確認コードの有効期間は{ $lifetime }です。
mail-reset-origin = このリクエストは { $time } に IP アドレス { $ip } から送信されました。
mail-reset-ignore = お心当たりがない場合は、何もしていただく必要はありません。パスワードは変更されません。
mail-reset-cancel-intro = リンクと確認コードを今すぐ無効にすることもできます。
mail-reset-cancel = 心当たりがありません
mail-reset-secrecy = リンクや確認コードは、絶対にほかの人に教えないでください。

mail-external-sign-in-subject = 【{ $app }】ログイン方法のご案内
mail-external-sign-in-preheader = このアカウントにはパスワードが設定されていません。ログイン方法をご案内します。
mail-external-sign-in-intro = { $app } アカウントのパスワード再設定のリクエストを受け付けましたが、このアカウントにはパスワードが設定されていません。
mail-external-sign-in-provider = { $provider } でログインしてください。
mail-external-sign-in-other = 勤務先や大手サービスなど、連携している別のアカウントでログインしてください。
mail-external-sign-in-button = ログインページへ進む
mail-external-sign-in-ignore = お心当たりがない場合は、何もしていただく必要はありません。変更された内容はありません。

mail-changed-subject = 【{ $app }】パスワードが変更されました
mail-changed-preheader = お心当たりがない場合は、すぐにご対応ください。
mail-changed-intro = { $time } に、{ $app } アカウントのパスワードが変更されました。
mail-changed-sessions = これまでログインしていた端末やブラウザでは、もう一度ログインが必要になります。
mail-changed-ignore = ご自身で変更された場合は、何もしていただく必要はありません。
mail-changed-alarm = お心当たりがない場合は、第三者にメールを読まれているおそれがあります。まずメールアカウントの安全を確保し、そのあとで新しいパスワードを設定してください。
mail-changed-button = もう一度パスワードを再設定

duration-hours =
    { $count ->
       *[other] { $count }時間
    }
duration-minutes =
    { $count ->
       *[other] { $count }分
    }
duration-seconds =
    { $count ->
       *[other] { $count }秒
    }

## Why a password is not accepted

password-too-short =
    { $min ->
       *[other] { $min }文字以上で入力してください。
    }
password-too-long =
    { $max ->
       *[other] { $max }文字以内で入力してください。
    }
password-too-many-bytes = もっと短いパスワードにしてください（{ $max }バイト以内）。日本語や絵文字は1文字で数バイトになります。
password-contains-nul = パスワードにNUL文字（ヌル文字）を含めないでください。
password-contains-line-break = パスワードから改行を取り除いてください。ログイン画面では入力できません。
password-contains-address = パスワードにメールアドレスを含めないでください。
password-contains-name = パスワードにお名前を含めないでください。
password-contains-app-name = パスワードにこのサービスの名前を含めないでください。
password-known = このパスワードは、盗まれたパスワードやよく使われるパスワードのリストに載っており、攻撃者に知られています。ほかで使っていないパスワードを選んでください。
password-too-weak = このパスワードは簡単に推測されてしまいます。単語をあと1つか2つ追加してください。珍しい単語ほど安全です。

## What is wrong with a field
## $field is one of email, password, confirm, code, token, or something else.

field-error-required =
    { $field ->
        [email] メールアドレスを入力してください。
        [password] パスワードを入力してください。
        [confirm] 確認のため、パスワードをもう一度入力してください。
        [code] 確認コードを入力してください。
        [token] リンクが指定されていません。
       *[other] この項目は必須です。
    }
field-error-not-text =
    { $field ->
        [email] メールアドレスは文字列で指定してください。
        [password] パスワードは文字列で指定してください。
        [confirm] 確認用のパスワードは文字列で指定してください。
        [code] 確認コードは文字列で指定してください。
        [token] リンクは文字列で指定してください。
       *[other] この項目は文字列で指定してください。
    }
field-error-not-an-address = name@example.com のような有効なメールアドレスを入力してください。
field-error-mismatch = 2つのパスワードが一致しません。
field-error-link-not-allowed = このアプリでは、このアドレスへのリンクは許可されていません。
field-error-link-not-https = リンクは https で始まる必要があります。
field-error-beside-token = トークン、またはメールアドレスと確認コードの組み合わせの、どちらか一方を指定してください。
field-error-unknown-field = この項目はここでは使用できません。
field-error-not-a-key = Idempotency-Key は、22～128 文字の表示可能な ASCII 文字でなければなりません。
field-error-not-pressed = 再設定を取り消すには、このページのボタンを押してください。
field-error-not-an-object = 本文は、項目の重複がない JSON オブジェクトにしてください。
field-error-not-a-form = 本文は、項目の重複がないフォームデータにしてください。

## Problems

problem-invalid-request = リクエストが正しくありません。
problem-invalid-token = このリンクまたは確認コードは正しくないか、すでに無効になっています。
problem-password-rejected = このパスワードは使用できません。
problem-too-many-requests = リクエストが多すぎます。しばらくしてからもう一度お試しください。
problem-unknown-app = 指定されたアプリは存在しません。
problem-reset-disabled = パスワードの再設定は現在ご利用いただけません。
problem-foreign-form = このフォームは当サイトのページから送信されていません。ページを開いてもう一度お試しください。
problem-not-found = お探しのものは見つかりませんでした。
problem-method-not-allowed = このメソッドはここでは許可されていません。
problem-payload-too-large = リクエストのサイズが大きすぎます。
problem-unsupported-media-type = リクエストのコンテンツタイプに対応していません。
problem-internal-error = サーバー側で問題が発生しました。しばらくしてからもう一度お試しください。
problem-of-frontend = このページは正しく動作していません。再読み込みして、もう一度お試しください。
problem-service-unavailable = 現在サービスをご利用いただけません。少し時間をおいてからもう一度お試しください。
