// Fields that suggest while one types (WAI-ARIA combobox with a list), see templates/components/combobox.html.
// Arrows choose, Enter picks, Escape closes; what is picked is sent as its id, what is typed as it is.
(function () {
  "use strict";

  function combobox(box) {
    const text = box.querySelector(".combobox-text");
    const value = box.querySelector(".combobox-value");
    const list = box.querySelector(".combobox-list");
    const said = box.querySelector(".combobox-said");
    const name = value.name;

    text.setAttribute("role", "combobox");
    text.setAttribute("aria-autocomplete", "list");
    text.setAttribute("aria-controls", list.id);
    text.setAttribute("aria-expanded", "false");

    // The row's id is sent in the place of the words, never beside them.
    function hold(id) {
      value.value = id;
      value.disabled = !id;
      if (id) {
        text.removeAttribute("name");
      } else {
        text.name = name;
      }
    }

    // The sign of what only some teams see, with its word.
    function lock(option) {
      const mark = document.createElement("span");
      mark.className = "private-mark";
      mark.title = option.private;
      mark.innerHTML = '<svg class="icon" aria-hidden="true"><use></use></svg><span class="visually-hidden"></span>';
      mark.querySelector("use").setAttribute("href", option.lock);
      mark.lastElementChild.textContent = option.private + " ";
      return mark;
    }

    const suggestions = window.watchdeskSuggestions({
      field: text,
      list: list,
      url: box.dataset.url,
      isWanted: () => true,
      fill: (item, option) => item.append(...(option.private ? [lock(option)] : []), option.label),
      shown: function (found) {
        text.setAttribute("aria-expanded", String(suggestions.isOpen()));
        if (found) {
          said.textContent = found.length ? box.dataset.some + " " + found.length : box.dataset.none;
          list.scrollIntoView({ block: "nearest" });
        }
      },
      picked: function (option) {
        text.value = option.label;
        hold(option.value);
        text.dispatchEvent(new CustomEvent("combobox:pick", { bubbles: true, detail: option }));
      },
    });

    text.addEventListener("input", function () {
      hold("");
      suggestions.askSoon(text.value);
    });
    text.addEventListener("blur", suggestions.close);
    text.addEventListener("keydown", function (event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) {
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (suggestions.isOpen()) {
          suggestions.move(event.key === "ArrowDown" ? 1 : -1);
        } else {
          suggestions.ask(text.value);
        }
      } else if (event.key === "Enter" && suggestions.isOpen() && suggestions.pickMarked()) {
        event.preventDefault();
      } else if (event.key === "Escape" && suggestions.isOpen()) {
        event.preventDefault();
        event.stopPropagation();
        suggestions.close();
      }
    });
    hold(value.value);
  }

  function look(root) {
    root.querySelectorAll("[data-combobox]:not([data-ready])").forEach(function (box) {
      box.dataset.ready = "";
      combobox(box);
    });
  }

  look(document);
  // Also those that come with a part of a page.
  document.addEventListener("htmx:load", function (event) {
    look(event.detail.elt);
  });
})();
