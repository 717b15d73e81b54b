# العربية (Arabic)

## Fields and buttons

field-email = عنوان البريد الإلكتروني
field-code = الرمز
field-password = كلمة المرور الجديدة
field-confirm = تأكيد كلمة المرور

button-request = إرسال رابط إعادة تعيين كلمة المرور
button-sent = تم إرسال الرسالة
button-again = إعادة الإرسال
button-code = متابعة
button-reset = إعادة تعيين كلمة المرور
button-show = إظهار كلمة المرور
button-hide = إخفاء كلمة المرور
button-cancel = إلغاء إعادة التعيين

## Pages

page-support = بحاجة إلى مساعدة؟ { $support }
page-unreachable = تعذّر الوصول إلى الخادم. يُرجى التحقق من الاتصال وإعادة المحاولة.
page-offline = لا يوجد اتصال بالإنترنت. يمكنك المتابعة فور عودة الاتصال.
page-slow = يستغرق الخادم وقتًا طويلًا للرد. يُرجى إعادة المحاولة.
page-too-many-requests = هناك عدد كبير جدًا من الطلبات. يُرجى إعادة المحاولة بعد { $time }.
page-problem-title = تعذّر إتمام العملية
page-again = إرسال رابط جديد

page-request-title = إعادة تعيين كلمة المرور
page-request-intro = يُرجى إدخال عنوان البريد الإلكتروني لحسابك، وسنرسل إليك رابطًا لاختيار كلمة مرور جديدة.
page-request-code = هل لديك رمز بالفعل؟ يمكنك إدخاله هنا.

page-sent-title = يُرجى التحقق من بريدك الوارد
page-sent-status = إذا كان هناك حساب مرتبط بالعنوان { $email }، فستصل إليه رسالة إلكترونية قريبًا. يُرجى التحقق من بريدك الوارد ومن مجلد الرسائل غير المرغوب فيها أيضًا.
page-sent-wait = ألم تصلك الرسالة؟ يمكنك إعادة إرسالها بعد { $time }.
page-sent-limit =
    { $count ->
        [zero] خلال { $lifetime } لا تُرسَل أي رسالة إلى العنوان الواحد.
        [one] خلال { $lifetime } تُرسَل رسالة واحدة على الأكثر إلى العنوان الواحد. لا يُرسَل شيء عند تكرار الطلب.
        [two] خلال { $lifetime } تُرسَل رسالتان على الأكثر إلى العنوان الواحد، وتعمل روابطهما كلها. لا يُرسَل شيء عند تكرار الطلب أكثر من ذلك.
        [few] خلال { $lifetime } تُرسَل { $count } رسائل على الأكثر إلى العنوان الواحد، وتعمل روابطها كلها. لا يُرسَل شيء عند تكرار الطلب أكثر من ذلك.
        [many] خلال { $lifetime } تُرسَل { $count } رسالة على الأكثر إلى العنوان الواحد، وتعمل روابطها كلها. لا يُرسَل شيء عند تكرار الطلب أكثر من ذلك.
       *[other] خلال { $lifetime } تُرسَل { $count } رسالة على الأكثر إلى العنوان الواحد، وتعمل روابطها كلها. لا يُرسَل شيء عند تكرار الطلب أكثر من ذلك.
    }
page-sent-wrong = هل العنوان خاطئ؟
page-sent-code = هل بريدك مفتوح على جهاز آخر؟ يمكنك إدخال الرمز الوارد في الرسالة هنا.

page-code-title = إدخال الرمز
page-code-intro = تتضمّن الرسالة التي أرسلناها إليك رمزًا إلى جانب الرابط، وهو على هذا الشكل: { $example }
page-code-wrong = هذا الرمز غير صحيح أو لم يعُد صالحًا. يُرجى مقارنته بأحدث رسالة أو طلب رمز جديد.

page-reset-title = اختيار كلمة مرور جديدة
page-rule-length = من { $min } إلى { $max } حرفًا من أي نوع
page-rule-bytes = { $max } بايت على الأكثر: الحرف اللاتيني البسيط أو الرقم اللاتيني أو الرمز الشائع بايت واحد، وأي حرف آخر من بايتين إلى أربعة
page-rule-personal = أكثر من عنوان بريدك الإلكتروني أو اسم هذه الخدمة
page-rule-runs = أكثر من أحرف مكررة أو متتالية مثل aaaa أو 1234
page-rule-known = لا يُقبَل اسمك ولا كلمات المرور المسروقة أو الشائعة أيضًا. الأفضل بضع كلمات غير شائعة.
page-rule-rest = لا يُقبَل اسمك ولا كلمات المرور سهلة التخمين أيضًا. الأفضل بضع كلمات غير شائعة.
page-rule-met = مستوفى
page-caps-lock = مفتاح Caps Lock مفعّل.

page-done-title = تم بنجاح
page-done-status = تم تغيير كلمة المرور بنجاح.
page-done-sessions = سيُطلب منك تسجيل الدخول مجددًا على جميع الأجهزة التي سبق لك تسجيل الدخول عليها.
page-done-next = ستُفتح صفحة تسجيل الدخول خلال ثوانٍ قليلة.
page-done-login = العودة إلى صفحة تسجيل الدخول

page-dead-title = لم يعد هذا الرابط أو الرمز صالحًا
page-dead-text = لا يعمل أي رابط أو رمز إلا مرة واحدة ولفترة قصيرة. يمكنك طلب إرسال رابط أو رمز جديد إليك.
page-used-title = تم تغيير كلمة المرور
page-used-text = تم تغيير كلمة المرور باستخدام هذا الرابط أو رابط آخر من الفترة نفسها. يمكنك تسجيل الدخول بكلمة المرور الجديدة.
page-expired-title = انتهت صلاحية هذا الرابط
page-expired-text = لا يعمل أي رابط إلا لفترة قصيرة. يمكنك طلب إرسال رابط جديد إليك.

page-cancel-title = لم يكن هذا الطلب منك؟
page-cancel-intro = طلب أحدهم إعادة تعيين كلمة مرور الحساب { $email }. إذا لم يكن هذا الطلب منك، فيُرجى إبطال جميع الروابط والرموز التي أرسلناها. ستبقى كلمة المرور كما هي.
page-cancelled-title = تم إلغاء إعادة التعيين
page-cancelled-status = لم يعُد أي رابط أو رمز أرسلناه إليك صالحًا، ولم تتغيّر كلمة مرورك.
page-cancelled-advice = إذا استمر وصول مثل هذه الرسائل، فربما يُدخل أحدهم عنوانك عن طريق الخطأ. يمكنك تجاهلها.
page-gone-title = لا يمكن لهذا الرابط إلغاء أي شيء
page-gone-text = انتهت صلاحيته، أو سبق استخدامه أو إلغاؤه. إذا وصلتك رسالة أحدث لم تطلبها، فيُرجى الإلغاء بالرابط الوارد فيها.

## Mails

mail-greeting = مرحبًا،
mail-greeting-name = مرحبًا { $name }،
mail-support = هل لديك أسئلة؟ { $support }
mail-username = اسم المستخدم: { $username }

mail-reset-subject = إعادة تعيين كلمة مرور حسابك على { $app }
mail-reset-preheader = رابط لاختيار كلمة مرور جديدة. وهو صالح لمدة { $lifetime }.
mail-reset-intro = تلقّينا طلبًا لإعادة تعيين كلمة مرور حسابك على { $app }.
mail-reset-button = اختيار كلمة مرور جديدة
mail-reset-link = لاختيار كلمة مرور جديدة، يُرجى فتح هذا الرابط. وهو صالح لمدة { $lifetime }:
mail-reset-link-instead = هذا الزر صالح لمدة { $lifetime }. إذا لم يعمل، فيُرجى فتح هذا الرابط:
mail-reset-code = أو يمكنك إدخال هذا الرمز حيث طلبت إعادة التعيين. وهو صالح لمدة { $lifetime }:
mail-reset-origin = ورد هذا الطلب بتاريخ { $time } من عنوان IP التالي: { $ip }.
mail-reset-ignore = إذا لم يكن هذا الطلب منك، فلا داعي لاتخاذ أي إجراء، وستبقى كلمة مرورك كما هي.
mail-reset-cancel-intro = يمكنك أيضًا إبطال الرابط والرمز فورًا:
mail-reset-cancel = لم أطلب ذلك
mail-reset-secrecy = يُرجى عدم مشاركة الرابط أو الرمز مع أي شخص أبدًا.

mail-external-sign-in-subject = كيفية تسجيل الدخول إلى حسابك على { $app }
mail-external-sign-in-preheader = هذا الحساب ليست له كلمة مرور. إليك كيفية تسجيل الدخول.
mail-external-sign-in-intro = تلقّينا طلبًا لإعادة تعيين كلمة مرور حسابك على { $app }، لكن هذا الحساب ليست له كلمة مرور.
mail-external-sign-in-provider = يمكنك تسجيل الدخول باستخدام { $provider }.
mail-external-sign-in-other = يمكنك تسجيل الدخول باستخدام حساب آخر، مثل حساب جهة عملك أو حساب لدى مزوّد خدمة كبير.
mail-external-sign-in-button = الانتقال إلى صفحة تسجيل الدخول
mail-external-sign-in-ignore = إذا لم يكن هذا الطلب منك، فلا داعي لاتخاذ أي إجراء: لم يتغيّر شيء.

mail-changed-subject = تم تغيير كلمة مرور حسابك على { $app }
mail-changed-preheader = إذا لم يكن هذا التغيير منك، فيُرجى التصرف الآن.
mail-changed-intro = تم تغيير كلمة مرور حسابك على { $app } بتاريخ { $time }.
mail-changed-sessions = سيُطلب منك تسجيل الدخول مجددًا على جميع الأجهزة التي سبق لك تسجيل الدخول عليها.
mail-changed-ignore = إذا كان هذا التغيير منك، فلا داعي لاتخاذ أي إجراء.
mail-changed-alarm = إذا لم يكن هذا التغيير منك، فقد يكون شخص آخر قادرًا على قراءة بريدك. يُرجى تأمين بريدك الإلكتروني أولًا، ثم اختيار كلمة مرور جديدة:
mail-changed-button = إعادة تعيين كلمة المرور مجددًا

duration-hours =
    { $count ->
        [zero] { $count } ساعة
        [one] ساعة واحدة
        [two] ساعتين
        [few] { $count } ساعات
        [many] { $count } ساعة
       *[other] { $count } ساعة
    }
duration-minutes =
    { $count ->
        [zero] { $count } دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $count } دقائق
        [many] { $count } دقيقة
       *[other] { $count } دقيقة
    }
duration-seconds =
    { $count ->
        [zero] { $count } ثانية
        [one] ثانية واحدة
        [two] ثانيتين
        [few] { $count } ثوانٍ
        [many] { $count } ثانية
       *[other] { $count } ثانية
    }

## Why a password is not accepted

password-too-short =
    { $min ->
        [zero] يُرجى استخدام { $min } حرف على الأقل.
        [one] يُرجى استخدام حرف واحد على الأقل.
        [two] يُرجى استخدام حرفين على الأقل.
        [few] يُرجى استخدام { $min } أحرف على الأقل.
        [many] يُرجى استخدام { $min } حرفًا على الأقل.
       *[other] يُرجى استخدام { $min } حرف على الأقل.
    }
password-too-long =
    { $max ->
        [zero] يُرجى استخدام { $max } حرف على الأكثر.
        [one] يُرجى استخدام حرف واحد على الأكثر.
        [two] يُرجى استخدام حرفين على الأكثر.
        [few] يُرجى استخدام { $max } أحرف على الأكثر.
        [many] يُرجى استخدام { $max } حرفًا على الأكثر.
       *[other] يُرجى استخدام { $max } حرف على الأكثر.
    }
password-too-many-bytes = يُرجى استخدام كلمة مرور أقصر: { $max } بايت على الأكثر. يشغل كل حرف عربي أو رمز تعبيري أكثر من بايت واحد.
password-contains-nul = لا تستخدم المحرف الفارغ (NUL) في كلمة المرور.
password-contains-line-break = احذف فاصل الأسطر من كلمة المرور، فلا يمكن لأي نموذج تسجيل دخول إرساله.
password-contains-address = يُرجى عدم استخدام عنوان بريدك الإلكتروني في كلمة المرور.
password-contains-name = يُرجى عدم استخدام اسمك في كلمة المرور.
password-contains-app-name = يُرجى عدم استخدام اسم هذه الخدمة في كلمة المرور.
password-known = كلمة المرور هذه معروفة للمهاجمين: فهي واردة في قوائم كلمات المرور المسروقة والشائعة. يُرجى اختيار كلمة مرور لا تستخدمها في أي مكان آخر.
password-too-weak = كلمة المرور هذه سهلة التخمين جدًا. يُرجى إضافة كلمة أو كلمتين، ويُفضَّل اختيار كلمات غير شائعة.

## What is wrong with a field
## $field is one of email, password, confirm, code, token, or something else.

field-error-required =
    { $field ->
        [email] يُرجى إدخال عنوان بريدك الإلكتروني.
        [password] يُرجى إدخال كلمة مرور.
        [confirm] يُرجى إدخال كلمة المرور مرة ثانية.
        [code] يُرجى إدخال الرمز.
        [token] الرابط غير موجود.
       *[other] هذا الحقل مطلوب.
    }
field-error-not-text =
    { $field ->
        [email] يجب أن يكون عنوان البريد الإلكتروني نصًا.
        [password] يجب أن تكون كلمة المرور نصًا.
        [confirm] يجب أن تكون كلمة المرور الثانية نصًا.
        [code] يجب أن يكون الرمز نصًا.
        [token] يجب أن يكون الرابط نصًا.
       *[other] يجب أن يكون هذا الحقل نصًا.
    }
field-error-not-an-address = يُرجى إدخال عنوان بريد إلكتروني صالح، مثل name@example.com.
field-error-mismatch = كلمتا المرور غير متطابقتين.
field-error-link-not-allowed = لا يُسمح لهذا التطبيق باستخدام روابط تؤدي إلى هذا العنوان.
field-error-link-not-https = يجب أن يبدأ الرابط بـ https.
field-error-beside-token = يُرجى تقديم رمز مميّز (token)، أو عنوان بريد إلكتروني ورمز بدلًا منه.
field-error-unknown-field = هذا الحقل غير معروف هنا.
field-error-not-a-key = يجب أن يتكوّن Idempotency-Key من 22 إلى 128 حرفًا مرئيًا من ASCII.
field-error-not-pressed = لإلغاء إعادة التعيين، يُرجى الضغط على الزر في هذه الصفحة.
field-error-not-an-object = يجب أن يكون نص الطلب كائن JSON من دون حقول مكررة.
field-error-not-a-form = يجب أن يكون نص الطلب نموذجًا من دون حقول مكررة.

## Problems

problem-invalid-request = الطلب غير صالح.
problem-invalid-token = هذا الرابط أو الرمز غير صالح أو لم يعُد صالحًا.
problem-password-rejected = كلمة المرور هذه غير مقبولة.
problem-too-many-requests = هناك عدد كبير جدًا من الطلبات. يُرجى إعادة المحاولة لاحقًا.
problem-unknown-app = هذا التطبيق غير موجود.
problem-reset-disabled = ميزة إعادة تعيين كلمة المرور غير مفعّلة.
problem-foreign-form = لم يُرسَل هذا النموذج من صفحتنا. افتح الصفحة وحاول مرة أخرى.
problem-not-found = لا يوجد شيء هنا.
problem-method-not-allowed = هذه الطريقة غير مسموح بها هنا.
problem-payload-too-large = حجم الطلب كبير جدًا.
problem-unsupported-media-type = نوع محتوى الطلب غير متوافق مع هذه الخدمة.
problem-internal-error = حدث خطأ من جانبنا. يُرجى إعادة المحاولة لاحقًا.
problem-of-frontend = لا تعمل هذه الصفحة كما ينبغي. يُرجى إعادة تحميلها والمحاولة مرة أخرى.
problem-service-unavailable = الخدمة غير متاحة. يُرجى إعادة المحاولة بعد قليل.
