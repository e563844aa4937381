// Fields that suggest while one types (WAI-ARIA combobox with a list), see templates/components/combobox.html.
// Arrows choose, Enter picks, Escape closes; what is picked is sent as its id, what is typed as it is.
(function () {
  "use strict";

  const WAIT = 150;

  function combobox(box) {
    const text = box.querySelector(".combobox-text");
    const value = box.querySelector(".combobox-value");
    const list = box.querySelector(".combobox-list");
    const said = box.querySelector(".combobox-said");
    const name = value.name;
    let options = [];
    let active = -1;
    let timer = 0;
    let asking = null;

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

    function close() {
      clearTimeout(timer);
      if (asking) {
        asking.abort();
        asking = null;
      }
      list.hidden = true;
      text.setAttribute("aria-expanded", "false");
      mark(-1);
    }

    function mark(index) {
      active = index;
      Array.from(list.children).forEach(function (item, place) {
        item.setAttribute("aria-selected", String(place === index));
      });
      if (index < 0) {
        text.removeAttribute("aria-activedescendant");
        return;
      }
      text.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }

    function pick(index) {
      const option = options[index];
      text.value = option.label;
      hold(option.value);
      close();
      text.dispatchEvent(new CustomEvent("combobox:pick", { bubbles: true, detail: option }));
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

    function show(found) {
      options = found;
      list.replaceChildren();
      found.forEach(function (option, index) {
        const item = document.createElement("li");
        item.id = list.id + "_" + index;
        item.setAttribute("role", "option");
        item.append(...(option.private ? [lock(option)] : []), option.label);
        if (option.hint) {
          const hint = document.createElement("span");
          hint.className = "combobox-hint";
          hint.textContent = option.hint;
          item.append(" ", hint);
        }
        // Before the field loses the focus.
        item.addEventListener("pointerdown", function (event) {
          event.preventDefault();
          pick(index);
        });
        list.append(item);
      });
      list.hidden = found.length === 0;
      text.setAttribute("aria-expanded", String(found.length > 0));
      said.textContent = found.length ? box.dataset.some + " " + found.length : box.dataset.none;
      mark(-1);
      list.scrollIntoView({ block: "nearest" });
    }

    async function ask() {
      if (asking) {
        asking.abort();
      }
      const mine = new AbortController();
      asking = mine;
      const url = new URL(box.dataset.url, document.baseURI);
      url.searchParams.set("q", text.value);
      try {
        const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "application/json" } });
        // Somebody whose session ended is led to another page; the field then is a plain one.
        if (answer.ok && !answer.redirected) {
          show((await answer.json()).options);
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          close();
        }
      }
    }

    text.addEventListener("input", function () {
      hold("");
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    text.addEventListener("blur", close);
    text.addEventListener("keydown", function (event) {
      if (event.isComposing || event.ctrlKey || event.metaKey) {
        return;
      }
      const last = options.length - 1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) {
          ask();
        } else if (event.key === "ArrowDown") {
          mark(active < last ? active + 1 : 0);
        } else {
          mark(active > 0 ? active - 1 : last);
        }
      } else if (event.key === "Enter" && !list.hidden && active >= 0) {
        event.preventDefault();
        pick(active);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        event.stopPropagation();
        close();
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
