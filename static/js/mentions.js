// Names while one writes a note: after an @ colleagues are suggested. Arrows choose, Enter or Tab picks, Escape closes.
(function () {
  "use strict";

  const form = document.querySelector("form[data-mentions]");
  const area = form && form.querySelector("textarea");
  if (!area) {
    return;
  }
  const WAIT = 150;
  const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}.'’ -]{0,40})?$/u;
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  list.className = "combobox-list mentions-list";
  list.id = area.id + "_mentions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.mentionsLabel);
  // Tab picks while it is open, so this adds no stop; what scrolls has to be reachable.
  list.tabIndex = 0;
  list.hidden = true;
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  area.after(list, said);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);

  function begun() {
    return BEGUN.exec(area.value.slice(0, area.selectionEnd));
  }

  function mark(index) {
    active = index;
    Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    if (index < 0) {
      area.removeAttribute("aria-activedescendant");
    } else {
      area.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    clearTimeout(timer);
    if (asking) {
      asking.abort();
      asking = null;
    }
    list.hidden = true;
    mark(-1);
  }

  function pick(index) {
    const found = begun();
    if (found) {
      const end = area.selectionEnd;
      area.setRangeText("@" + options[index].label + " ", end - (found[1] || "").length - 1, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    close();
  }

  function show(found) {
    options = found;
    list.replaceChildren();
    found.forEach(function (option, index) {
      const item = document.createElement("li");
      const hint = document.createElement("span");
      item.id = list.id + "_" + index;
      item.setAttribute("role", "option");
      hint.className = "combobox-hint";
      hint.textContent = option.hint;
      item.append(option.label, " ", hint);
      // Before the field loses the focus.
      item.addEventListener("pointerdown", function (event) {
        event.preventDefault();
        pick(index);
      });
      list.append(item);
    });
    list.hidden = found.length === 0;
    said.textContent = found.length ? form.dataset.mentionsSome + " " + found.length : "";
    mark(found.length ? 0 : -1);
  }

  async function ask(text) {
    if (asking) {
      asking.abort();
    }
    const mine = new AbortController();
    asking = mine;
    const url = new URL(form.dataset.mentions, document.baseURI);
    url.searchParams.set("q", text);
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected && begun()) {
        show((await answer.json()).options);
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        close();
      }
    }
  }

  area.addEventListener("input", function (event) {
    const found = event.isComposing ? null : begun();
    clearTimeout(timer);
    if (!found) {
      close();
      return;
    }
    timer = setTimeout(ask, WAIT, found[1] || "");
  });
  area.addEventListener("blur", close);
  area.addEventListener("keydown", function (event) {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const last = options.length - 1;
    const does = {
      ArrowDown: () => mark(active < last ? active + 1 : 0),
      ArrowUp: () => mark(active > 0 ? active - 1 : last),
      Enter: () => pick(active),
      Tab: () => pick(active),
      Escape: close,
    }[event.key];
    if (does && !(event.shiftKey && event.key === "Tab")) {
      event.preventDefault();
      event.stopPropagation();
      does();
    }
  });
})();
