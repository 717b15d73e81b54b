"use strict";
// Everything works without this script. It sends forms in the background and shows the answer in
// place of the page, so that what is said is decided by the server alone.
(() => {
  const words = document.body.dataset;
  // API Gateway gives up after 30 s.
  const PATIENCE = 32_000;

  const prepare = (main, shownAt) => {
    prepareResend(main, shownAt);
    preparePassword(main);
    prepareCode(main);
    prepareCarry(main);
    goOn(main);
  };

  // ---- After the mail was sent ----------------------------------------------------------------

  // After the cooldown it can be sent again; until then the seconds are counted down.
  const prepareResend = (main, shownAt) => {
    const form = main.querySelector("[data-resend-after]");
    if (!form) return;
    const button = form.querySelector("button");
    const end = shownAt + Number(form.dataset.resendAfter) * 1000;
    const tick = () => {
      if (!form.isConnected) return;
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) {
        const seconds = String(left % 60).padStart(2, "0");
        form.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${seconds}`;
        setTimeout(tick, 1000);
      } else {
        form.querySelector("[data-wait]").hidden = true;
        button.textContent = button.dataset.again;
        button.disabled = false;
      }
    };
    tick();
  };

  // A link that takes the address along that was typed beside it.
  const prepareCarry = (main) => {
    const link = main.querySelector("[data-carry]");
    if (!link) return;
    link.addEventListener("click", (event) => {
      const form = main.querySelector("form");
      const email = form.elements.email.value;
      if (!email) return;
      event.preventDefault();
      send(form, link.href, new URLSearchParams({ email, edit: "yes" }));
    });
  };

  // ---- The new password -----------------------------------------------------------------------

  const preparePassword = (main) => {
    const password = main.querySelector("#password");
    if (!password) return;
    const confirm = main.querySelector("#confirm");
    prepareRules(main, password);
    password.addEventListener("input", () => compare(password, confirm, false));
    password.addEventListener("change", () => compare(password, confirm, confirm.value !== ""));
    confirm.addEventListener("input", () => {
      compare(password, confirm, !password.value.startsWith(confirm.value));
    });
    confirm.addEventListener("change", () => compare(password, confirm, true));
    const caps = main.querySelector("[data-caps]");
    main.querySelectorAll(".secret input").forEach((input) => {
      ["keydown", "keyup"].forEach((name) => input.addEventListener(name, (event) => {
        const on = event.getModifierState && event.getModifierState("CapsLock");
        caps.textContent = on ? caps.dataset.caps : "";
      }));
    });
    const reveal = main.querySelector(".reveal");
    reveal.hidden = false;
    reveal.addEventListener("click", () => {
      const label = reveal.getAttribute("aria-label");
      reveal.setAttribute("aria-label", reveal.dataset.other);
      reveal.dataset.other = label;
      const shown = reveal.classList.toggle("on");
      main.querySelectorAll(".secret input").forEach((input) => {
        input.type = shown ? "text" : "password";
      });
    });
  };

  // Whether the two are the same. A difference is said at its field if `say` is set, and no longer
  // once it is gone.
  const compare = (password, confirm, say) => {
    const same = password.value === confirm.value;
    const error = document.getElementById("confirm-error");
    const text = same ? "" : confirm.dataset.mismatch;
    if ((same || say) && error.textContent !== text) {
      confirm.setAttribute("aria-invalid", String(!same));
      error.textContent = text;
    }
    return same;
  };

  // The rules that can be told here as the server tells them (shared/src/domain/password.rs). It may
  // refuse more; nothing that it accepts breaks one of these.
  const RULES = {
    length: (points, { min, max }) => points.length >= min && points.length <= max,
    bytes: (points, { max }) => new TextEncoder().encode(points.join("")).length <= max,
    personal: (points, { min, pieces }) => {
      let rest = points.join("").toLowerCase();
      const whole = rest;
      pieces.forEach((piece) => { rest = rest.replaceAll(piece, ""); });
      return rest === whole || Array.from(rest).length >= min;
    },
    runs: (points) => {
      const code = (at) => points[at].codePointAt(0);
      return points.filter((_, at) => at === 0 || Math.abs(code(at) - code(at - 1)) > 1).length > 2;
    },
  };

  const prepareRules = (main, input) => {
    const list = main.querySelector("#rules");
    const email = main.querySelector("#email").value;
    const rules = Array.from(list.querySelectorAll("[data-rule]"), (line) => {
      const { min, max, name = "" } = line.dataset;
      const pieces = [email, email.slice(0, Math.max(0, email.lastIndexOf("@"))), name.trim()]
        .map((piece) => piece.normalize("NFC").toLowerCase())
        .filter((piece) => Array.from(piece).length >= 4);
      const bounds = { min: Number(min), max: Number(max), pieces };
      const said = document.createElement("span");
      said.className = "hidden";
      line.append(said);
      return (points) => {
        const met = points.length > 0 && RULES[line.dataset.rule](points, bounds);
        line.classList.toggle("met", met);
        said.textContent = met ? ` (${list.dataset.met})` : "";
      };
    });
    const tick = () => {
      const points = Array.from(input.value.normalize("NFC"));
      rules.forEach((rule) => rule(points));
    };
    input.addEventListener("input", tick);
    tick();
  };

  // ---- The code -------------------------------------------------------------------------------

  // A code in a sentence, or a whole link.
  const WHOLE = /\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|fpr_[\w-]{64}/i;

  const prepareCode = (main) => {
    const input = main.querySelector("[autocomplete=one-time-code]");
    if (!input) return;
    const onInput = (event) => {
      // What a keyboard composes is its own until it is done.
      if (event.isComposing) return;
      // What programs fill in comes as no kind of typing.
      const kind = event.inputType || event.type;
      const typing = kind !== "input" && !/Paste|Drop|Replacement/.test(kind);
      // Look-alikes of characters and dashes, as the server reads them (shared/src/domain/code.rs).
      const text = input.value.normalize("NFKC").replace(/\p{Cf}/gu, "")
        .replace(/[\p{Pd}\u2043\u2212\u30fc~]/gu, "-")
        .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) % 16);
      const plain = text.replace(/[\s-]/g, "").toUpperCase();
      const deleting = kind.startsWith("delete");
      const isPart = /^[0-9A-Z]{0,8}$/.test(plain);
      // Phones delete by composing too, and must get past a dash.
      const bare = kind === "compositionend" ? 5 : 4;
      if (isPart && !deleting && input.selectionStart === input.value.length) {
        input.value = plain.length < bare ? plain : `${plain.slice(0, 4)}-${plain.slice(4)}`;
      }
      const isWhole = isPart ? plain.length === 8 : WHOLE.test(text);
      if (isWhole && !typing) input.form.requestSubmit();
    };
    input.addEventListener("input", onInput);
    input.addEventListener("compositionend", onInput);
  };

  const goOn = (main) => {
    if (!main.dataset.next) return;
    setTimeout(() => location.assign(main.dataset.next), Number(main.dataset.seconds) * 1000);
  };

  // ---- Sending and showing --------------------------------------------------------------------

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  const show = (text, shownAt = Date.now()) => {
    const answer = parse(text);
    const main = answer.querySelector("main");
    const first = main.querySelector("[autofocus]") || main.querySelector("h1");
    // It is for pages that come without a script; here it would only be warned of.
    main.querySelectorAll("[autofocus]").forEach((it) => it.removeAttribute("autofocus"));
    // No answer repeats a password, and nobody should have to type one again.
    document.querySelectorAll("main .secret input").forEach(({ id, value }) => {
      const again = answer.getElementById(id);
      if (again) again.value = value;
    });
    document.title = answer.title;
    document.documentElement.lang = answer.documentElement.lang;
    document.documentElement.dir = answer.documentElement.dir;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    prepare(main, shownAt);
    first.focus();
  };

  // The page after a request and the one before it are kept with the history of this tab, so that a
  // reload and Back show them as they were. No other page is: it may hold a code.
  const remember = (text) => {
    const main = document.querySelector("main");
    const before = main.dataset.page;
    if (parse(text).querySelector("main").dataset.page !== "sent") return;
    if (before === "request") {
      main.querySelectorAll("input").forEach((input) => input.setAttribute("value", input.value));
      history.replaceState({ text: document.documentElement.outerHTML }, "");
      // Another address than the form's, which people may open again to ask anew.
      history.pushState({ text, shownAt: Date.now() }, "", "#sent");
    } else {
      history.replaceState({ text, shownAt: Date.now() }, "");
    }
  };

  const recall = ({ state }) => {
    if (state) show(state.text, state.shownAt);
  };

  const say = (text) => {
    const alerts = document.querySelector("main .alerts");
    const said = document.createElement("p");
    said.className = "error";
    said.textContent = text;
    alerts.replaceChildren(...(text ? [said] : []));
    return alerts;
  };

  const send = async (form, url, body, pressed) => {
    if (form.getAttribute("aria-busy") === "true") return;
    const buttons = Array.from(form.querySelectorAll("button:enabled"));
    const setPending = (pending) => {
      form.setAttribute("aria-busy", String(pending));
      buttons.forEach((button) => { button.disabled = pending; });
      if (pressed) pressed.classList.toggle("pending", pending);
    };
    setPending(true);
    say("");
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let failure = "unreachable";
    try {
      const answer = await fetch(url, { method: "POST", body, signal: patience.signal });
      const text = await answer.text();
      // API Gateway limits too, and not with a page.
      failure = answer.status === 429 ? "limited" : "failed";
      setPending(false);
      remember(text);
      show(text);
    } catch {
      // No answer, or one that is no page of ours: the form is as it was and can be sent again.
      if (patience.signal.aborted) failure = "slow";
      if (!navigator.onLine) failure = "offline";
      setPending(false);
      say(words[failure]).focus();
    } finally {
      clearTimeout(timer);
    }
  };

  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    event.preventDefault();
    const { password, confirm } = form.elements;
    if (confirm && !compare(password, confirm, true)) {
      confirm.focus();
      return;
    }
    const url = submitter && submitter.hasAttribute("formaction") ? submitter.formAction : form.action;
    const body = new URLSearchParams(new FormData(form));
    if (submitter && submitter.name) body.append(submitter.name, submitter.value);
    send(form, url, body, submitter);
  });
  addEventListener("offline", () => say(words.offline));
  addEventListener("online", () => say(""));
  addEventListener("popstate", recall);
  prepare(document.querySelector("main"), Date.now());
  recall(history);
})();
