// A property that decides on the clocks of a ticket: what it does to them is shown before it is saved. Where it does
// nothing to them, or the desk cannot be asked, it is saved at once. Forms marked `data-effects`, in ticket-parts.js.
(function () {
  "use strict";

  const PAUSE_MS = 150;
  // Arrow keys pass over choices on their way.
  const KEYBOARD_MS = 500;
  const asked = new WeakMap();

  function stop(form) {
    const one = asked.get(form);
    if (one) {
      clearTimeout(one.timer);
      one.asking.abort();
      asked.delete(form);
    }
    form.removeAttribute("aria-busy");
  }

  function show(form, html) {
    // The desk wrote it; nothing in it is anybody's own words.
    form.querySelector(".property-effects").innerHTML = html;
    form.classList.toggle("is-asking", Boolean(html));
    form.querySelector(".property-reset").hidden = !html;
  }

  async function ask(form, asking) {
    const select = form.querySelector("select");
    const url = new URL(form.action);
    url.pathname += "effects/";
    url.search = new URLSearchParams([[select.name, select.value]]);
    form.setAttribute("aria-busy", "true");
    let html = "";
    try {
      const answer = await fetch(url, { signal: asking.signal, redirect: "error" });
      html = answer.status === 200 ? await answer.text() : "";
    } catch (_lost) {
      // Saving says so.
    }
    if (asking.signal.aborted || !form.isConnected) {
      return;
    }
    stop(form);
    show(form, html);
    if (!html) {
      form.requestSubmit();
    }
  }

  document.addEventListener("property:chosen", function (event) {
    const form = event.target;
    if (!form.matches("[data-effects]")) {
      return;
    }
    event.preventDefault();
    stop(form);
    const select = form.querySelector("select");
    if (select.selectedOptions[0].defaultSelected) {
      show(form, "");
      return;
    }
    const asking = new AbortController();
    const timer = setTimeout(ask, event.detail.byKey ? KEYBOARD_MS : PAUSE_MS, form, asking);
    asked.set(form, { timer: timer, asking: asking });
  });

  document.addEventListener("reset", function (event) {
    const form = event.target;
    if (form.matches("[data-effects]")) {
      stop(form);
      show(form, "");
      form.querySelector("select").focus();
    }
  });

  document.addEventListener("keydown", function (event) {
    const form = event.key === "Escape" && event.target.closest("form.is-asking");
    if (form) {
      event.preventDefault();
      form.reset();
    }
  });
})();
