// What can be done to a ticket is folded, and its forms come when somebody is about to open them. Without this, or when
// the connection is gone, a link in each leads to the page with that form.
(function () {
  "use strict";

  if (!document.getElementById("ticket")) {
    return;
  }
  const coming = new WeakMap();

  function put(panel, form) {
    const line = panel.querySelector("summary");
    const hadFocus = panel.contains(document.activeElement) && document.activeElement !== line;
    // The line itself stays where it is: it may have the focus.
    while (line.nextSibling) {
      line.nextSibling.remove();
    }
    line.after(...form);
    delete panel.dataset.panel;
    const version = document.getElementById("stream").dataset.version;
    panel.querySelectorAll("input[name=seen_version]").forEach(function (field) {
      field.value = version;
    });
    // Scripts that look after fields hear of it by the name that they know from htmx.
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: panel } }));
    const field = hadFocus && panel.querySelector("textarea, input:not([type=hidden]), select");
    if (field) {
      field.focus();
    }
  }

  async function ask(panel) {
    panel.setAttribute("aria-busy", "true");
    try {
      const seen = "&seen=" + document.getElementById("stream").dataset.version;
      const answer = await fetch(panel.dataset.panel + seen, { redirect: "error", headers: { "X-Piece": "1" } });
      if (answer.ok) {
        const box = document.createElement("template");
        box.innerHTML = await answer.text();
        put(panel, Array.from(box.content.children));
      } else if (answer.status === 409 && panel.open) {
        const form = await window.watchdeskTicket.renewWith(panel.id);
        const same = document.getElementById(panel.id);
        if (form && same) {
          put(same, form);
        }
      }
    } catch (_lost) {
      // The link in it still leads there.
    }
    panel.removeAttribute("aria-busy");
    coming.delete(panel);
  }

  function bring(panel) {
    if (!panel.dataset.panel) {
      return Promise.resolve();
    }
    if (!coming.has(panel)) {
      coming.set(panel, ask(panel));
    }
    return coming.get(panel);
  }

  function about(event) {
    const line = event.target.closest("details[data-panel] > summary");
    if (line) {
      bring(line.parentElement);
    }
  }

  document.addEventListener("pointerover", about);
  document.addEventListener("focusin", about);
  document.addEventListener(
    "toggle",
    function (event) {
      if (event.target.open && event.target.matches("details[data-panel]")) {
        bring(event.target);
      }
    },
    true,
  );

  window.watchdeskPanels = { bring: bring };
})();
