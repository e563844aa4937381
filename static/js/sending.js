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

  function slow(state, form, button) {
    if (!button?.dataset.sending) {
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
    const waits = [];
    const detail = { submitter: event.submitter, waitFor: (promise) => waits.push(promise) };
    form.dispatchEvent(new CustomEvent("wd:send", { bubbles: true, detail: detail }));
    const begun = start(form, event.submitter);
    if (!waits.length) {
      begun.patience = setTimeout(() => rest(form), PATIENCE);
      return;
    }
    event.preventDefault();
    Promise.all(waits).then((answers) => {
      if (answers.every(Boolean)) {
        begun.released = true;
        form.requestSubmit(event.submitter);
      } else {
        rest(form);
      }
    });
  });

  // Who comes back to the page may send it again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.querySelectorAll("form[data-once]").forEach(rest);
    }
  });
})();
