// Names while one writes a note: after an @ colleagues are suggested. Arrows choose, Enter or Tab picks, Escape closes.
(function () {
  "use strict";

  const form = document.querySelector("form[data-mentions]");
  const area = form && form.querySelector("textarea");
  if (!area) {
    return;
  }
  const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}.'’ -]{0,40})?$/u;
  const list = document.createElement("ul");
  const said = document.createElement("p");

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

  const suggestions = window.watchdeskSuggestions({
    field: area,
    list: list,
    url: form.dataset.mentions,
    isWanted: begun,
    fill: (item, option) => item.append(option.label),
    shown: function (found) {
      if (found) {
        said.textContent = found.length ? form.dataset.mentionsSome + " " + found.length : "";
        suggestions.mark(found.length ? 0 : -1);
      }
    },
    picked: function (option) {
      const found = begun();
      if (found) {
        const end = area.selectionEnd;
        area.setRangeText("@" + option.label + " ", end - (found[1] || "").length - 1, end, "end");
        area.dispatchEvent(new Event("input", { bubbles: true }));
      }
    },
  });

  area.addEventListener("input", function (event) {
    const found = event.isComposing ? null : begun();
    if (found) {
      suggestions.askSoon(found[1] || "");
    } else {
      suggestions.close();
    }
  });
  area.addEventListener("blur", suggestions.close);
  area.addEventListener("keydown", function (event) {
    if (!suggestions.isOpen() || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const does = {
      ArrowDown: () => suggestions.move(1),
      ArrowUp: () => suggestions.move(-1),
      Enter: suggestions.pickMarked,
      Tab: suggestions.pickMarked,
      Escape: suggestions.close,
    }[event.key];
    if (does && !(event.shiftKey && event.key === "Tab")) {
      event.preventDefault();
      event.stopPropagation();
      does();
    }
  });
})();
