// The parts of a ticket's page, renewed in their place: a form is sent, the answer is the page as it is now, and its
// parts replace the old ones. What somebody is typing stays, and so does the focus. Without this the page just reloads.
(function () {
  "use strict";

  const ticket = document.getElementById("ticket");
  if (!ticket) {
    return;
  }
  const UNDO_MS = 10000;
  const KEYBOARD_MS = 700;

  /* What was done, said politely and shown for a while. */

  function toast(item, lasting) {
    const list = document.getElementById("tellings");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "icon-button toast-close";
    close.setAttribute("aria-label", list.dataset.close);
    close.innerHTML = '<span class="material-symbols-outlined" aria-hidden="true">close</span>';
    close.addEventListener("click", () => item.remove());
    item.append(close);
    if (item.parentNode !== list) {
      list.append(item);
    }
    // The panel's sheet lies above everything but what was shown after it.
    if (list.showPopover) {
      list.popover = "manual";
      list.hidePopover();
      list.showPopover();
    }
    while (list.children.length > 3) {
      list.firstElementChild.remove();
    }
    if (!lasting) {
      setTimeout(function leave() {
        if (item.matches(":hover, :focus-within")) {
          setTimeout(leave, 2000);
        } else {
          item.remove();
        }
      }, UNDO_MS);
    }
  }

  function say(words, isWrong) {
    const item = document.createElement("div");
    item.className = isWrong ? "toast toast-wrong" : "toast";
    const text = document.createElement("span");
    text.textContent = words;
    item.append(text);
    toast(item, isWrong);
  }

  /* The answer's parts take the places of the old ones. */

  function isDirty(part) {
    return Array.from(part.querySelectorAll("textarea, input:not([type=hidden]), select")).some(function (field) {
      if (field.tagName === "SELECT") {
        const chosen = Array.from(field.options).findIndex((option) => option.defaultSelected);
        return field.selectedIndex !== Math.max(chosen, 0);
      }
      if (field.type === "checkbox" || field.type === "radio") {
        return field.checked !== field.defaultChecked;
      }
      return field.value !== field.defaultValue;
    });
  }

  function renew(old, fresh) {
    old.querySelectorAll("details[open][id]").forEach(function (open) {
      const same = fresh.querySelector("#" + CSS.escape(open.id));
      if (same) {
        same.open = true;
      }
    });
    old.replaceWith(fresh);
    // Scripts that look after fields hear of it by the name that they know from htmx.
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: fresh } }));
  }

  function keepFocus(change) {
    const active = document.activeElement;
    const part = active && active.closest("[data-part]");
    const places = part ? { id: active.id, part: part.id } : null;
    change();
    if (!places || document.activeElement === active) {
      return;
    }
    const home = document.getElementById(places.part);
    const same = places.id && document.getElementById(places.id);
    const next = same || (home && home.querySelector("button, select, input:not([type=hidden]), summary, a"));
    if (next) {
      next.focus({ preventScroll: true });
    }
  }

  function messagesOf(root) {
    return Array.from(root.querySelectorAll("#stream .bubble"), (bubble) => bubble.id);
  }

  // Words that somebody else wrote meanwhile are shown when the reader asks for them, not in passing.
  function hasNewWords(page) {
    const known = new Set(messagesOf(document));
    return messagesOf(page).some((id) => !known.has(id));
  }

  function take(page, sent, withWords) {
    const shown = withWords || !hasNewWords(page);
    keepFocus(function () {
      page.querySelectorAll("[data-part]").forEach(function (fresh) {
        const old = document.getElementById(fresh.id);
        if (old && (old.contains(sent) || !isDirty(old))) {
          renew(old, document.adoptNode(fresh));
        }
      });
      const stream = page.getElementById("stream");
      if (shown && stream) {
        renew(document.getElementById("stream"), document.adoptNode(stream));
      }
    });
    const version = document.getElementById("stream").dataset.version;
    document.querySelectorAll("input[name=seen_version]").forEach(function (field) {
      field.value = version;
    });
    document.title = page.title;
    document.dispatchEvent(new CustomEvent("ticket:renewed", { detail: { shown: shown } }));
    return shown;
  }

  // The panels that are open stay so, with their forms, when the server writes the page anew.
  function asking() {
    const open = Array.from(document.querySelectorAll("details.act[open]"), (one) => one.id.replace("act-", ""));
    return { headers: { "X-Open": open.join(" ") } };
  }

  function parse(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    return page.getElementById("ticket") ? page : null;
  }

  async function send(form, button) {
    if (form.dataset.busy) {
      return;
    }
    form.dataset.busy = "1";
    form.setAttribute("aria-busy", "true");
    try {
      const address = (button && button.getAttribute("formaction")) || form.getAttribute("action");
      const answer = await fetch(address, { method: "POST", body: new FormData(form, button), ...asking() });
      const page = parse(await answer.text());
      if (!page) {
        // The ticket is out of sight, or the session is over: the browser goes where the answer came from.
        window.location.assign(answer.redirected ? answer.url : window.location.href);
        return;
      }
      const toastItem = form.closest(".toast");
      if (toastItem) {
        toastItem.remove();
      }
      take(page, form, false);
      page.querySelectorAll("#tellings > .toast").forEach((item) => toast(document.adoptNode(item), false));
      page.querySelectorAll(".telling-error li").forEach((item) => say(item.textContent.trim(), true));
    } catch (_lost) {
      say(ticket.dataset.lost, true);
    } finally {
      delete form.dataset.busy;
      form.removeAttribute("aria-busy");
    }
  }

  async function fresh() {
    const answer = await fetch(window.location.href, asking());
    return parse(await answer.text());
  }

  async function refresh() {
    const page = await fresh();
    return page ? take(page, null, true) : false;
  }

  // Somebody changed the ticket meanwhile: the page is brought up to date, but for new words, and gives that panel.
  async function renewWith(id) {
    const page = await fresh();
    const panel = page && page.getElementById(id);
    const form = panel && !panel.dataset.panel ? Array.from(panel.children).slice(1) : null;
    if (page) {
      take(page, null, false);
    }
    return document.getElementById(id) && document.getElementById(id).dataset.panel ? form : null;
  }

  document.addEventListener("submit", function (event) {
    if (event.target.matches("form[data-inplace]")) {
      event.preventDefault();
      send(event.target, event.submitter);
    }
  });

  // A list saves as soon as something is chosen; arrow keys pass over choices, so they are waited for.
  let byKey = null;
  document.addEventListener("keydown", function (event) {
    byKey = event.target;
  });
  document.addEventListener("pointerdown", function () {
    byKey = null;
  });
  document.addEventListener("change", function (event) {
    const form = event.target.closest("form[data-save]");
    if (!form || event.target.tagName !== "SELECT") {
      return;
    }
    clearTimeout(form.saving);
    // Who wants to show something before it is saved takes over from here.
    const chosen = { bubbles: true, cancelable: true, detail: { byKey: byKey === event.target } };
    if (!form.dispatchEvent(new CustomEvent("property:chosen", chosen))) {
      return;
    }
    if (byKey !== event.target) {
      form.requestSubmit();
      return;
    }
    form.saving = setTimeout(() => form.isConnected && form.requestSubmit(), KEYBOARD_MS);
  });

  // What is picked from suggestions is sent at once: as its id, or as its words where new words may be sent too.
  document.addEventListener("combobox:pick", function (event) {
    const form = event.target.closest("form[data-pick]");
    if (!form) {
      return;
    }
    if (form.dataset.pick === "label") {
      const value = form.querySelector(".combobox-value");
      event.target.name = value.name;
      value.disabled = true;
    }
    form.requestSubmit();
  });

  document.querySelectorAll("#tellings > .toast").forEach((item) => toast(item, false));

  // What was refused is in sight, also where the panel is a sheet.
  const side = document.getElementById("side");
  function openSheet(target) {
    if (side && target && side.contains(target) && getComputedStyle(side).display === "none" && side.showPopover) {
      side.showPopover();
      target.scrollIntoView({ block: "nearest" });
    }
  }
  openSheet(side && side.querySelector("details.act[open], .field-error"));
  const refused = side && side.matches(":popover-open") && side.querySelector("[aria-invalid=true]");
  if (refused) {
    refused.focus();
  }
  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash.length > 1) {
      openSheet(document.getElementById(link.hash.slice(1)));
    }
  });

  // What an address names is unfolded, and all that it lies in.
  function reach() {
    const named = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
    const folded = named && named.closest("#stream details");
    if (!folded) {
      return;
    }
    for (let one = folded; one; one = one.parentElement.closest("details")) {
      one.open = true;
    }
    named.scrollIntoView({ block: "center" });
    const line = named.querySelector("summary");
    if (line) {
      line.focus({ preventScroll: true });
    }
  }
  // Before, the browser itself goes there, and takes the focus away.
  window.addEventListener("load", () => setTimeout(reach));
  window.addEventListener("hashchange", reach);

  window.watchdeskTicket = { refresh: refresh, renewWith: renewWith, say: say, send: send };
})();
