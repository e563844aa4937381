// The list of what is suggested while one types (WAI-ARIA listbox): asked for, shown, walked through and closed. The
// fields that have one, combobox.js and mentions.js, say what a key does and what becomes of what is picked.
(function () {
  "use strict";

  // `field` is typed into, `list` is an empty <ul>, `url` answers with options. `isWanted` says whether an answer may
  // still be shown, `fill` puts an option's words into its item, `shown` is told the options (none: it was closed).
  function suggestions({ field, list, url, isWanted, fill, shown, picked }) {
    const WAIT = 150;
    let options = [];
    let active = -1;
    let timer = 0;
    let asking = null;

    function forget() {
      clearTimeout(timer);
      if (asking) {
        asking.abort();
        asking = null;
      }
    }

    function mark(index) {
      active = index;
      Array.from(list.children).forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
      if (index < 0) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      field.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }

    function close() {
      forget();
      list.hidden = true;
      mark(-1);
      shown(null);
    }

    function pick(index) {
      picked(options[index]);
      close();
    }

    function show(found) {
      options = found;
      list.replaceChildren();
      found.forEach(function (option, index) {
        const item = document.createElement("li");
        item.id = list.id + "_" + index;
        item.setAttribute("role", "option");
        fill(item, option);
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
      mark(-1);
      shown(found);
    }

    async function ask(text) {
      forget();
      const mine = new AbortController();
      asking = mine;
      const where = new URL(url, document.baseURI);
      where.searchParams.set("q", text);
      try {
        const answer = await fetch(where, { signal: mine.signal, headers: { Accept: "application/json" } });
        // Somebody whose session ended is led to another page; the field then is a plain one.
        if (answer.ok && !answer.redirected) {
          const found = (await answer.json()).options;
          if (isWanted()) {
            show(found);
          }
        }
      } catch (error) {
        if (error.name !== "AbortError") {
          close();
        }
      }
    }

    return {
      ask: ask,
      askSoon: function (text) {
        clearTimeout(timer);
        timer = setTimeout(ask, WAIT, text);
      },
      close: close,
      isOpen: () => !list.hidden,
      mark: mark,
      // The next or the one before, round and round.
      move: function (step) {
        const last = options.length - 1;
        mark(step > 0 ? (active < last ? active + 1 : 0) : active > 0 ? active - 1 : last);
      },
      // Whether one was marked.
      pickMarked: function () {
        const isMarked = active >= 0;
        if (isMarked) {
          pick(active);
        }
        return isMarked;
      },
    };
  }

  window.watchdeskSuggestions = suggestions;
})();
