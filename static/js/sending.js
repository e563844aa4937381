// A form marked `data-once` is sent once: a second click does nothing, and after a moment the button says what happens.
// Other scripts may hold it: they listen for `wd:send` and call `waitFor` with a promise of whether it may go.
(function () {
  "use strict";

  const SLOW = 400;
  // After so long somebody may try again; the form's key makes it count once.
  const PATIENCE = 15000;
  const forms = new WeakMap();

  function live(form) {
    let region = form.querySelector(".sending-said");
    if (!region) {
      region = document.createElement("span");
      region.className = "sending-said visually-hidden";
      region.setAttribute("role", "status");
      form.append(region);
    }
    return region;
  }

  function slow(state, form, submitter) {
    // Enter presses the form's first button, which may be a hidden one; what leads elsewhere sends nothing.
    const button = submitter?.dataset.sending ? submitter : form.querySelector("[data-sending]");
    if (!button || submitter?.hasAttribute("formaction")) {
      return;
    }
    state.shown = Array.from(button.childNodes);
    state.button = button;
    button.replaceChildren(button.dataset.sending);
    button.setAttribute("aria-disabled", "true");
    live(form).textContent = button.dataset.sending;
  }

  function rest(form) {
    const state = forms.get(form);
    if (!state) {
      return;
    }
    clearTimeout(state.timer);
    clearTimeout(state.patience);
    if (state.button) {
      state.button.replaceChildren(...state.shown);
      state.button.removeAttribute("aria-disabled");
      live(form).textContent = "";
    }
    forms.delete(form);
  }

  function start(form, button) {
    const state = { released: false };
    state.timer = setTimeout(() => slow(state, form, button), SLOW);
    forms.set(form, state);
    return state;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) {
      return;
    }
    const state = forms.get(form);
    if (state?.released) {
      state.released = false;
      state.patience = setTimeout(() => rest(form), PATIENCE);
      return;
    }
    if (state) {
      event.preventDefault();
      return;
    }
    renew();
    const waits = [];
    const submitter = event.submitter;
    const detail = { submitter: submitter, waitFor: (promise) => waits.push(promise) };
    form.dispatchEvent(new CustomEvent("wd:send", { bubbles: true, detail: detail }));
    const begun = start(form, submitter);
    if (!waits.length) {
      begun.patience = setTimeout(() => rest(form), PATIENCE);
      return;
    }
    event.preventDefault();
    const go = () => {
      begun.released = true;
      form.requestSubmit(submitter);
    };
    // A form is not sent again before this event is over, which what is settled already would be too early for.
    Promise.all(waits).then((answers) => (answers.every(Boolean) ? setTimeout(go) : rest(form)));
  });

  // Who logged in again in another tab has a new token, without which the desk takes nothing from this page.
  function renew() {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (token) {
      document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => {
        field.value = token[1];
      });
    }
  }

  window.addEventListener("focus", renew);
  document.addEventListener("visibilitychange", renew);

  // Who comes back to the page may send it again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.querySelectorAll("form[data-once]").forEach(rest);
    }
  });
})();
