"use strict";
// Everything works without this script. It sends forms in the background and shows the answer in
// place of the page, so that what is said is decided by the server alone.
(() => {
  const prepare = (main) => {
    main.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
    prepareResend(main);
    prepareShow(main);
    prepareStrength(main);
    goOn(main);
  };

  // After the cooldown the mail can be sent again.
  const prepareResend = (main) => {
    const form = main.querySelector("[data-resend-after]");
    if (!form) return;
    const button = form.querySelector("button");
    setTimeout(() => {
      button.textContent = button.dataset.again;
      button.disabled = false;
    }, Number(form.dataset.resendAfter) * 1000);
  };

  const prepareShow = (main) => {
    const button = main.querySelector("[data-show]");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const inputs = main.querySelectorAll("[autocomplete=new-password]");
      const show = inputs[0].type === "password";
      button.textContent = show ? button.dataset.hide : button.dataset.show;
      inputs.forEach((input) => {
        input.type = show ? "text" : "password";
      });
    });
  };

  const prepareStrength = (main) => {
    const hint = main.querySelector("[data-strength]");
    if (!hint) return;
    const input = main.querySelector("#password");
    const email = main.querySelector("#email").value;
    input.addEventListener("input", () => {
      hint.hidden = input.value === "";
      const word = hint.dataset[estimate(input.value, Number(input.dataset.min), email)];
      const text = `${hint.dataset.strength} ${word}`;
      if (hint.textContent !== text) hint.textContent = text;
    });
  };

  // A hint, no verdict: how many characters are neither repeated, nor in sequence, nor known.
  const estimate = (password, min, email) => {
    const points = Array.from(password.normalize("NFC"));
    if (points.length < min) return "short";
    const known = email.toLowerCase().split("@")[0];
    const lower = password.toLowerCase();
    if (known.length > 3 && lower.includes(known)) return "weak";
    const telling = points.filter((point, at) => {
      const step = at === 0 ? 9 : point.codePointAt(0) - points[at - 1].codePointAt(0);
      return Math.abs(step) > 1;
    });
    const distinct = new Set(points).size;
    const kinds = [/\p{Ll}|\p{Lo}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];
    const variety = kinds.filter((kind) => kind.test(password)).length;
    const score = Math.min(telling.length, distinct * 1.6) + variety;
    return score < 13 ? "weak" : score < 18 ? "fair" : "good";
  };

  const goOn = (main) => {
    if (!main.dataset.next) return;
    setTimeout(() => location.assign(main.dataset.next), Number(main.dataset.seconds) * 1000);
  };

  const showAnswer = (text) => {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const main = answer.querySelector("main");
    const first = main.querySelector("[autofocus]") || main.querySelector("h1");
    // It is for pages that come without a script; here it would only be warned of.
    first.removeAttribute("autofocus");
    document.title = answer.title;
    document.documentElement.lang = answer.documentElement.lang;
    document.documentElement.dir = answer.documentElement.dir;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    prepare(main);
    first.focus();
  };

  const sayAbove = (form, text) => {
    let alert = form.querySelector("[data-alert]");
    if (!alert) {
      alert = document.createElement("p");
      alert.className = "error";
      alert.dataset.alert = "";
      alert.setAttribute("role", "alert");
      alert.tabIndex = -1;
      form.prepend(alert);
    }
    alert.textContent = text;
    alert.focus();
  };

  const send = async (form) => {
    const body = new URLSearchParams(new FormData(form));
    const buttons = Array.from(form.querySelectorAll("button:enabled"));
    buttons.forEach((button) => { button.disabled = true; });
    let failure = "unreachable";
    try {
      const answer = await fetch(form.action, { method: "POST", body });
      failure = "failed";
      showAnswer(await answer.text());
    } catch {
      // No answer, or one that is no page of ours: the form is as it was and can be sent again.
      buttons.forEach((button) => { button.disabled = false; });
      sayAbove(form, document.body.dataset[failure]);
    }
  };

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target);
  });
  prepare(document.querySelector("main"));
})();
